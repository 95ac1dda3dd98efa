// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;

/** An open tunnel, as the shedder sees it. */
public interface LiveConnection {

    /** {@code namespace/name} of its route. */
    String route();

    /** Name of its rule, whose {@code drain.over} applies when the endpoint is drained. */
    String rule();

    /** The source of its endpoint. */
    SourceKey source();

    /** The endpoint it is connected to. */
    EndpointKey endpoint();

    /** Whether the endpoint was already terminating when it was chosen, for lack of others. */
    boolean toLeavingEndpoint();

    /** On what the right to it rests. */
    default ConnectionRights rights() {
        return ConnectionRights.NONE;
    }

    /** Its current state. May be called from any thread. */
    ConnectionView view();

    /**
     * Sends Close to both sides at the next frame boundary, and resets after the close timeout. May be called from any
     * thread. Only the first call has an effect.
     */
    void close(CloseReason reason);
}
