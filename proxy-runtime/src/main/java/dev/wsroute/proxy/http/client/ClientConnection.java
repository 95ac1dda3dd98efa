package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.snapshot.BodyRate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection as the {@link Exchange} sees it that serves the client's request: what may be asked of the client,
 * and what is written to it. All methods are called on the connection's event loop.
 */
public final class ClientConnection {

    private final PersistentConnection requests;
    private final CurrentRequest current;
    private final Channel channel;
    private final HttpSettings settings;
    private final Entrance entrance;
    private final ResponseWriter response;
    private final BodyWriter body;
    private final ExchangeReport report;
    private final Account kept;

    /** @param kept holds the memory of the request, and of its record */
    ClientConnection(
            PersistentConnection requests,
            CurrentRequest current,
            Channel channel,
            HttpSettings settings,
            Entrance entrance,
            ResponseWriter response,
            ExchangeReport report,
            Account kept) {
        this.requests = requests;
        this.current = current;
        this.channel = channel;
        this.settings = settings;
        this.entrance = entrance;
        this.response = response;
        this.body = new BodyWriter(channel);
        this.report = report;
        this.kept = kept;
    }

    /** The port that it came to. */
    public int localPort() {
        Channel listener = channel.parent();
        // Asked of the listener, which knows, it costs no system call.
        return ((InetSocketAddress) (listener == null ? channel : listener).localAddress()).getPort();
    }

    /** The socket. */
    public Channel channel() {
        return channel;
    }

    /** That it keeps to with a request's body. */
    public BodyRate bodyRate() {
        return current.limits().bodyRate();
    }

    /** For heads, and trailers, that are not whole yet. */
    public MemoryBudget unfinishedHeads() {
        return settings.memory().heads();
    }

    /** Who is at its other end. */
    public Entrance entrance() {
        return entrance;
    }

    /** Lets the request's body come in. */
    public void readBody() {
        requests.readBody();
    }

    /** Lets more of the body come in, or no more for now. */
    public void readMore(boolean more) {
        if (!current.isComplete()) {
            channel.config().setAutoRead(more);
        }
    }

    /** The request was read to its end. */
    public boolean requestComplete() {
        return current.isComplete();
    }

    /** Notes in a request towards a backend that it has passed this proxy; after all changes of its rule. */
    public void markPassage(HttpHeaders forwarded) {
        settings.loops().mark(head().headers(), forwarded);
    }

    private RequestHead head() {
        return Objects.requireNonNull(current.head());
    }

    /** Passes an interim response on, where the client understands it. */
    public void interim(HttpResponse interim) {
        if (head().http11() && !response.started()) {
            response.interim(interim);
        }
    }

    /**
     * Writes the response's head, with the framing of its body.
     *
     * @param closeDelimited the body's end is told by the connection's end
     */
    public void respond(HttpResponse responseHead, boolean closeDelimited) {
        response.closeAfter(settings.leaving().getAsBoolean());
        report.record().status(responseHead.status().code());
        response.head(responseHead, closeDelimited);
    }

    /** Its request belongs to this rule, or to none; what the proxy answers itself bears the rule's headers. */
    void routed(@Nullable ActiveRule rule) {
        response.routed(rule);
    }

    /** Lets no further request come in behind this response. To be called before its head is written. */
    public void closeAfterResponse() {
        response.closeAfter(true);
    }

    /** Writes a piece of the response's body; it is released. */
    public void respond(HttpContent content) {
        body.write(content);
    }

    /** The response has been written to its end. */
    public void responseEnded() {
        channel.flush();
        requests.finish(null);
    }

    /** Answers in the proxy's own name; when the response has begun already, ends the connection instead. */
    public void refuse(Rejection rejection) {
        if (response.started()) {
            abort(rejection.sentence());
            return;
        }
        response.closeAfter(settings.leaving().getAsBoolean() || current.isBodyLeft());
        report.refused(rejection);
        response.refuse(rejection);
        requests.finish(rejection.sentence());
    }

    /** Ends a connection whose response can't be completed, such that the client can tell. */
    public void abort(String detail) {
        current.dropExchange();
        body.end();
        response.closeAfter(true);
        if (response.isCloseDelimited()) {
            LingeringClose.reset(channel);
        }
        requests.finish(detail);
    }

    /** Others need the memory that this connection holds: it is reset next. */
    public void evicted() {
        requests.evicted();
    }

    /** From now on only the record for the access log is kept of the request. */
    public void keepRecordOnly() {
        kept.hold(report.record().heapBytes());
    }

    /** From now on this tunnel is evicted when others need the memory of the record. */
    public void passRecordTo(Evictable tunnel) {
        kept.transferTo(tunnel);
    }

    /** A 101 with these headers, as it is to be sent once the channel was {@link #leave left}. */
    public ByteBuf switching(HttpHeaders headers) {
        return ResponseEncoder.switching(channel.alloc(), headers);
    }

    /**
     * Leaves the channel to somebody else: nothing of HTTP is done with it any more, and its pipeline is empty.
     *
     * @return what the client sent behind its request, for the new owner to read first and to release
     */
    public ByteBuf leave() {
        return requests.leave();
    }
}
