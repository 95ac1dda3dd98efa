package dev.wsroute.proxy.drain;

import dev.wsroute.proxy.discovery.EndpointKey;

/** An open tunnel, as the shedder sees it. */
public interface LiveConnection {

    /** {@code namespace/name} of the route that it was opened by. */
    String route();

    /** The name of the rule that it was opened by: a leaving endpoint's connections go by the rule's {@code drain.over}. */
    String rule();

    /** The backend that it was opened to, by name. */
    String backend();

    /** The endpoint at its other end. */
    EndpointKey endpoint();

    /**
     * Sends Close to both sides at the next frame boundary, resets after the close timeout. May be called from any
     * thread; only the first call has an effect.
     */
    void close(CloseReason reason);
}
