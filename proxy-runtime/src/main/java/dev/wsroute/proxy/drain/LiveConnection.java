package dev.wsroute.proxy.drain;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;

/** An open tunnel, as the shedder sees it. */
public interface LiveConnection {

    /** {@code namespace/name} of the route that it was opened by. */
    String route();

    /** The name of the rule that it was opened by: a leaving endpoint's connections go by the rule's {@code drain.over}. */
    String rule();

    /** Where its endpoint was found. */
    SourceKey source();

    /** The endpoint at its other end. */
    EndpointKey endpoint();

    /** Whether the endpoint was known to be terminating when it was chosen, for want of others. */
    boolean toLeavingEndpoint();

    /** How it stands. May be called from any thread. */
    ConnectionView view();

    /**
     * Sends Close to both sides at the next frame boundary, resets after the close timeout. May be called from any
     * thread; only the first call has an effect.
     */
    void close(CloseReason reason);
}
