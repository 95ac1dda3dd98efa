package dev.wsroute.proxy.http.client;

import io.netty.handler.codec.http.HttpContent;

/**
 * A request on its way. Lives on the event loop of the client's connection, which tells it what comes from the client;
 * it ends by one of {@link ClientConnection}'s {@code refuse}, {@code responseEnded}, {@code abort} or
 * {@link ClientConnection#leave}, or when the client goes.
 */
public interface Exchange {

    /** Starts; called once. */
    void begin();

    /** Takes a piece of the request's body, which it is to release. The last one may be empty. */
    void requestContent(HttpContent content);

    /** No more pieces are at hand now. */
    void requestPaused();

    /** The client's connection takes more, or no more, for now. */
    void clientWritabilityChanged(boolean writable);

    /** What the client sent behind its request is to be passed on, even if the client has ended its output since. */
    boolean needsUnread();

    /** The client went away: everything is to be given back; the connection is closed by its owner. */
    void clientGone();
}
