// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import io.netty.handler.codec.http.HttpContent;

/**
 * A request in progress. Confined to the event loop of the client's connection, which passes it the client's events. It
 * ends by one of {@link DownstreamConnection}'s {@code refuse}, {@code responseEnded}, {@code abort} or {@link
 * DownstreamConnection#leave}, or when the client disconnects.
 */
public interface Exchange {

    /** Starts; called once. */
    void begin();

    /** Receives a piece of the request body, and releases it. The last one may be empty. */
    void requestContent(HttpContent content);

    /** No more pieces are available now. */
    void requestPaused();

    /** The writability of the client's connection has changed. */
    void clientWritabilityChanged(boolean writable);

    /**
     * Whether bytes that the client sent after its request must be forwarded, even if it has ended its output since.
     */
    boolean needsUnread();

    /** The client disconnected: release everything. The owner closes the connection. */
    void clientDisconnected();
}
