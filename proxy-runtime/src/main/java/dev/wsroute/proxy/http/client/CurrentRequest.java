// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.snapshot.RequestLimits;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The request of a client's connection that is being read or answered: how far it has been read, and the exchange that
 * serves it. Used on the connection's event loop only.
 */
final class CurrentRequest {

    private RequestLimits limits;
    private @Nullable RequestHead head;
    private @Nullable Exchange exchange;
    private boolean complete = true;

    CurrentRequest(RequestLimits limits) {
        this.limits = limits;
    }

    /** A head has been read; it has not been checked. */
    void begin(RequestLimits inForce) {
        limits = inForce;
        complete = false;
    }

    void checked(RequestHead valid) {
        head = valid;
    }

    void servedBy(Exchange serving) {
        exchange = serving;
    }

    /**
     * Passes a piece of the body on to the exchange.
     *
     * @return whether this was the (empty) end of a request whose response had ended before
     */
    boolean receive(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        complete |= last;
        if (exchange != null) {
            exchange.requestContent(content);
            return false;
        }
        content.release();
        return last;
    }

    /** No more of the body is available now. */
    void pause() {
        if (exchange != null) {
            exchange.requestPaused();
        }
    }

    /** Whether what the client sent behind its request is to be passed on although the client has ended its output. */
    boolean needsUnread() {
        return exchange != null && exchange.needsUnread();
    }

    /** The response has ended; the next request is waited for. */
    void awaitNext(RequestLimits inForce) {
        head = null;
        limits = inForce;
    }

    /** The limits that apply to this request, or to the one that is waited for. */
    RequestLimits limits() {
        return limits;
    }

    /** Null between requests. */
    @Nullable RequestHead head() {
        return head;
    }

    /** Null before the request is accepted, and once its exchange has ended. */
    @Nullable Exchange exchange() {
        return exchange;
    }

    /** The exchange receives nothing more from its client. */
    void dropExchange() {
        exchange = null;
    }

    boolean isComplete() {
        return complete;
    }

    /** Part of the request's body was not read. */
    boolean isBodyLeft() {
        return head != null && head.hasBody() && !complete;
    }
}
