// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.snapshot.BodyRate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, as used by the {@link Exchange} that serves its request. All methods must be called on the
 * connection's event loop.
 */
public final class DownstreamConnection {

    private final PersistentConnection requests;
    private final CurrentRequest current;
    private final Channel channel;
    private final HttpSettings settings;
    private final ClientAdmission admission;
    private final ResponseWriter response;
    private final ExchangeReport report;
    private final Account kept;
    /** Null before the first body: WebSockets have none. */
    private @Nullable BodyWriter body;

    /** @param kept accounts for the memory of the request and its record */
    DownstreamConnection(
            PersistentConnection requests,
            CurrentRequest current,
            Channel channel,
            HttpSettings settings,
            ClientAdmission admission,
            ResponseWriter response,
            ExchangeReport report,
            Account kept) {
        this.requests = requests;
        this.current = current;
        this.channel = channel;
        this.settings = settings;
        this.admission = admission;
        this.response = response;
        this.report = report;
        this.kept = kept;
    }

    /** The local port of the connection. */
    public int localPort() {
        Channel listener = channel.parent();
        // The listener knows the port without a system call.
        return ((InetSocketAddress) (listener == null ? channel : listener).localAddress()).getPort();
    }

    /** The socket. */
    public Channel channel() {
        return channel;
    }

    /** The limits on request bodies. */
    public BodyRate bodyRate() {
        return current.limits().bodyRate();
    }

    /** The budget for incomplete heads and trailers. */
    public MemoryBudget unfinishedHeads() {
        return settings.memory().heads();
    }

    /** The memory of all connections together. */
    public MemoryBudgets memory() {
        return settings.memory();
    }

    /** The peer of the connection. */
    public ClientAdmission admission() {
        return admission;
    }

    /** Starts reading the request body. */
    public void readBody() {
        requests.readBody();
    }

    /** Resumes or pauses reading the body. */
    public void readMore(boolean more) {
        if (!current.isComplete()) {
            channel.config().setAutoRead(more);
        }
    }

    /** Whether the request was read completely. */
    public boolean requestComplete() {
        return current.isComplete();
    }

    /** Marks a request to a backend as having passed this proxy. Call after all changes of its rule. */
    public void markPassage(HttpHeaders forwarded) {
        settings.loops().mark(head().headers(), forwarded);
    }

    private RequestHead head() {
        return Objects.requireNonNull(current.head());
    }

    /** Forwards an interim response if the client supports it. */
    public void interim(HttpResponse interim) {
        if (head().http11() && !response.started()) {
            response.interim(interim);
        }
    }

    /**
     * Writes the response's head, with the framing of its body.
     *
     * @param closeDelimited whether the end of the connection ends the body
     */
    public void respond(HttpResponse responseHead, boolean closeDelimited) {
        response.closeAfter(settings.leaving().getAsBoolean());
        report.record().status(responseHead.status().code());
        response.head(responseHead, closeDelimited);
    }

    /** Sets the rule of the request, or none. The proxy's own responses have the rule's headers. */
    void routed(@Nullable ActiveRule rule) {
        response.routed(rule);
    }

    /**
     * The access checks of the request have ended.
     *
     * @param checked what may be served
     */
    void granted(RequestHead checked) {
        current.checked(checked);
        response.granted(checked.grant());
        report.record().granted(checked.grant());
    }

    /** From now on this exchange serves the request. */
    void servedBy(Exchange exchange) {
        current.servedBy(exchange);
    }

    /** Closes the connection after this response. Call before its head is written. */
    public void closeAfterResponse() {
        response.closeAfter(true);
    }

    /** Writes a piece of the response body, and releases it. */
    public void respond(HttpContent content) {
        if (body == null) {
            body = new BodyWriter(channel);
        }
        body.write(content);
    }

    /** The response has been written completely. */
    public void responseEnded() {
        channel.flush();
        requests.finish(null);
    }

    /** Sends a response of the proxy's own. If a response has begun already, closes the connection instead. */
    public void refuse(Rejection rejection) {
        refuse(rejection, rejection.sentence());
    }

    /**
     * As {@link #refuse(Rejection)}.
     *
     * @param detail for the access log only
     */
    public void refuse(Rejection rejection, String detail) {
        if (response.started()) {
            abort(detail);
            return;
        }
        response.closeAfter(settings.leaving().getAsBoolean() || current.isBodyLeft());
        report.refused(rejection);
        response.refuse(rejection);
        requests.finish(detail);
    }

    /** Closes a connection whose response cannot be completed, so that the client notices. */
    public void abort(String detail) {
        current.dropExchange();
        if (body != null) {
            body.end();
        }
        response.closeAfter(true);
        if (response.isCloseDelimited()) {
            Containment.reset(channel);
        }
        requests.finish(detail);
    }

    /** The connection is about to be reset to free its memory. */
    public void evicted() {
        requests.evicted();
    }

    /** Frees the request, except for its access log record. */
    public void keepRecordOnly() {
        kept.hold(report.record().heapBytes());
    }

    /** From now on the tunnel is evicted to free the memory of the record. */
    public void passRecordTo(Evictable tunnel) {
        kept.transferTo(tunnel);
    }

    /** Encodes a 101 with these headers, to be sent after {@link #leave}. */
    public ByteBuf switching(HttpHeaders headers) {
        return ResponseEncoder.switching(channel.alloc(), headers);
    }

    /**
     * Hands over the channel to a new owner, with an empty pipeline. No HTTP is processed on it any more.
     *
     * @param unread receives the bytes that the client sent after its request; the new owner reads them first and releases them
     */
    public void leave(Consumer<ByteBuf> unread) {
        requests.leave(unread);
    }
}
