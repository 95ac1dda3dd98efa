// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.SourceKey;
import org.jspecify.annotations.Nullable;

/** A connection's lease of an endpoint. */
public interface EndpointLease {

    /** The endpoint as it was when chosen. */
    Endpoint endpoint();

    /** The endpoint's source. */
    SourceKey source();

    /** The backend's name, such as {@code service/chat:ws}. */
    String backend();

    /** Records that connecting failed. Does not release the lease. */
    void connectFailed();

    /** Records that the backend broke the handshake or timed out. Does not release the lease. */
    void upgradeFailed();

    /**
     * Records a response other than 101.
     *
     * @param status HTTP status; 502 to 504 say nothing about the endpoint
     */
    void answered(int status);

    /** Records that a WebSocket was opened. */
    void opened();

    /** Records that the backend ended an open WebSocket without a Close frame. Does not release the lease. */
    void backendLost();

    /** A {@code Set-Cookie} value that pins the client to the endpoint; null for none. */
    @Nullable String setCookie();

    /** Releases the lease. Further calls have no effect. */
    void release();
}
