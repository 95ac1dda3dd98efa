package dev.wsroute.proxy.http;

import dev.wsroute.config.RouteConfig.Paths;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection as long as it speaks HTTP: one request after another, each checked, routed and given to an
 * {@link Exchange}. A request that comes before the former one's response has ended waits unread.
 *
 * <p>A client that ends its side of the connection is taken for gone, as other proxies do: nothing else would tell that
 * nobody waits for a response that never ends. With epoll that is noticed while reading pauses, too, and what the client
 * has sent before its end is left unread; with NIO not before reading goes on, or a timeout ends the exchange.
 *
 * <p>All methods are called on the connection's event loop.
 */
public final class ClientConnection {

    private final HttpSettings settings;
    private final Channel channel;
    private final RequestDecoder decoder;
    private final ResponseWriter response;
    private final BodyWriter body;
    private final Deadline deadline;
    private final Entrance entrance;
    private final ExchangeReport report;
    private final Account kept;
    private final ClientHandler handler = new ClientHandler(this);
    private ProxyLimits limits;
    private @Nullable RequestHead head;
    private @Nullable Exchange exchange;
    private boolean requestComplete = true;
    private boolean served;
    /** The next request waits until the client has taken more of its responses. */
    private boolean nextAwaitsClient;

    private ClientConnection(Channel channel, HttpSettings settings, ProxyLimits limits, Entrance entrance) {
        this.channel = channel;
        this.settings = settings;
        this.deadline = new Deadline(channel);
        this.response = new ResponseWriter(channel);
        this.body = new BodyWriter(channel);
        Account account = settings.memory().requests().open(Account.of(channel));
        this.kept = account;
        // Keeps the account alone, not this connection with its last request, for as long as a tunnel lasts.
        Containment.whenDone(channel.closeFuture(), channel, closed -> account.hold(0));
        this.entrance = entrance;
        this.report = new ExchangeReport(settings, entrance.peer());
        this.limits = limits;
        this.decoder = new RequestDecoder(
                () -> this.limits.head(),
                settings.memory().heads(),
                () -> deadline.arm(this.limits.handshakeTimeout(), this::tooSlow));
    }

    /** Puts a new connection's pipeline in place. */
    static void install(Channel channel, HttpSettings settings, ProxyLimits limits, Entrance entrance) {
        ClientConnection connection = new ClientConnection(channel, settings, limits, entrance);
        connection.decoder.reserveOf(settings.memory().buffers().open(Account.of(channel)));
        channel.pipeline().addLast(connection.decoder, connection.response.encoder(), connection.handler);
        connection.deadline.arm(connection.limits.handshakeTimeout(), connection::tooSlow);
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
    BodyRate bodyRate() {
        return limits.bodyRate();
    }

    /** For heads, and trailers, that are not whole yet. */
    public MemoryBudget unfinishedHeads() {
        return settings.memory().heads();
    }

    /** Who is at its other end. */
    public Entrance entrance() {
        return entrance;
    }

    /** A request head has come. */
    void begin(HttpRequest request) {
        deadline.cancel();
        Snapshot snapshot = settings.snapshot().get();
        limits = snapshot.terms().limits();
        ExchangeRecord record = report.begin(entrance.peer());
        requestComplete = false;
        response.begin(request.method().equals(HttpMethod.HEAD));
        try {
            RequestHead checked =
                    RequestCheck.check(request, entrance.origin(snapshot.terms().trust(), request.headers()));
            head = checked;
            // A connection that was asked to upgrade serves nothing else: what is behind a refused upgrade may be
            // frames.
            response.closeAfter(!checked.keepAlive() || checked.upgradesToWebSocket());
            record.request(checked);
            settings.loops().check(checked.headers());
            entrance.admit();
            if (settings.memory().buffers().isShort() || !kept.hold(checked.heapBytes())) {
                throw new RequestRejectedException(Rejection.outOfMemory());
            }
            ActiveRule rule = snapshot.router().route(checked);
            if (rule == null) {
                throw new RequestRejectedException(Rejection.of(
                        RefusalReason.NO_ROUTE, HttpResponseStatus.NOT_FOUND, "No route for this host and path."));
            }
            record.routed(rule);
            if (rule.paths() == Paths.RejectAmbiguous && AmbiguousPath.is(checked.path())) {
                throw new RequestRejectedException(Rejection.of(
                        RefusalReason.AMBIGUOUS_PATH,
                        HttpResponseStatus.BAD_REQUEST,
                        "The path can be read in more than one way."));
            }
            Exchange created = settings.exchanges().create(this, checked, rule, record);
            exchange = created;
            created.begin();
        } catch (RequestRejectedException e) {
            refuse(e.rejection());
        }
    }

    /** A piece of its body has come. */
    void body(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        requestComplete |= last;
        Exchange current = exchange;
        if (current != null) {
            current.requestContent(content);
            return;
        }
        content.release();
        if (last) {
            // The response had ended before the (empty) end of the request was read.
            nextRequest();
        }
    }

    /** What has come is no request, or no body of one. */
    void unreadable(Throwable cause) {
        Exchange current = exchange;
        if (current == null) {
            deadline.cancel();
            report.begin(entrance.peer());
            response.begin(false);
            refuse(RequestCheck.unreadable(cause));
        } else {
            current.clientGone();
            refuse(RequestCheck.unreadableBody(cause));
        }
    }

    private void tooSlow() {
        if (decoder.headBegun()) {
            report.begin(entrance.peer());
            response.begin(false);
            refuse(Rejection.tooSlow());
        } else {
            channel.close();
        }
    }

    /** Lets the request's body come in. */
    public void readBody() {
        decoder.proceed();
    }

    /** Lets more of the body come in, or no more for now. */
    public void readMore(boolean more) {
        if (!requestComplete) {
            channel.config().setAutoRead(more);
        }
    }

    /** The request was read to its end. */
    public boolean requestComplete() {
        return requestComplete;
    }

    /** Notes in a request towards a backend that it has passed this proxy; after all changes of its rule. */
    public void markPassage(HttpHeaders forwarded) {
        settings.loops().mark(Objects.requireNonNull(head).headers(), forwarded);
    }

    /** Passes an interim response on, where the client understands it. */
    public void interim(HttpResponse interim) {
        if (Objects.requireNonNull(head).http11() && !response.started()) {
            response.interim(interim);
        }
    }

    /**
     * Writes the response's head, with the framing of its body.
     *
     * @param closeDelimited the body's end is told by the connection's end
     */
    public void respond(HttpResponse responseHead, boolean closeDelimited) {
        response.closeAfter(settings.finishing().getAsBoolean());
        report.record().status(responseHead.status().code());
        response.head(responseHead, closeDelimited);
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
        finish(null);
    }

    /** Answers in the proxy's own name; when the response has begun already, ends the connection instead. */
    public void refuse(Rejection rejection) {
        if (response.started()) {
            abort(rejection.sentence());
            return;
        }
        response.closeAfter(settings.finishing().getAsBoolean() || bodyLeft());
        report.refused(rejection);
        response.refuse(rejection);
        finish(rejection.sentence());
    }

    /** Ends a connection whose response can't be completed, such that the client can tell. */
    public void abort(String detail) {
        exchange = null;
        body.end();
        response.closeAfter(true);
        if (response.isCloseDelimited()) {
            LingeringClose.reset(channel);
        }
        finish(detail);
    }

    private void finish(@Nullable String detail) {
        exchange = null;
        kept.hold(0);
        served = true;
        entrance.handshakeAnswered();
        if (detail == null) {
            report.ended();
        } else {
            report.ended(detail);
        }
        if (response.closeAfter() || bodyLeft()) {
            closeGently();
        } else if (requestComplete) {
            nextRequest();
        }
    }

    /** Others need the memory that this connection holds: it is reset next. */
    void evicted() {
        Exchange current = exchange;
        if (current != null) {
            current.clientGone();
            settings.metrics().refused(RefusalReason.MEMORY, 0, report.record().routeOrEmpty());
            exchange = null;
            entrance.handshakeAnswered();
            report.ended("The proxy ran short of memory, and this connection held the most of it.");
        }
        Containment.reset(channel);
    }

    /** From now on only the record for the access log is kept of the request. */
    public void keepRecordOnly() {
        kept.hold(report.record().heapBytes());
    }

    /** From now on this tunnel is evicted when others need the memory of the record. */
    public void passRecordTo(Evictable tunnel) {
        kept.passTo(tunnel);
    }

    private boolean bodyLeft() {
        return head != null && head.hasBody() && !requestComplete;
    }

    private void nextRequest() {
        head = null;
        if (settings.finishing().getAsBoolean()) {
            closeGently();
            return;
        }
        limits = settings.snapshot().get().terms().limits();
        deadline.arm(limits.keepAliveTimeout(), this::tooSlow);
        nextAwaitsClient = !channel.isWritable();
        if (!nextAwaitsClient) {
            decoder.nextRequest();
        }
    }

    private void closeGently() {
        deadline.cancel();
        LingeringClose.replace(handler, channel, limits.lingerTimeout());
        // What it holds goes to the new handler, which drops it.
        channel.pipeline().remove(decoder);
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
        deadline.cancel();
        exchange = null;
        entrance.handshakeAnswered();
        ByteBuf unread = decoder.takeUnread();
        channel.pipeline().remove(handler);
        channel.pipeline().remove(response.encoder());
        channel.pipeline().remove(decoder);
        return unread;
    }

    /** No more of the request is at hand now. */
    void paused() {
        Exchange current = exchange;
        if (current != null) {
            current.requestPaused();
        }
    }

    /** The socket takes more, or no more, for now. */
    void writabilityChanged() {
        Exchange current = exchange;
        if (current != null) {
            current.clientWritabilityChanged(channel.isWritable());
        } else if (nextAwaitsClient && channel.isWritable()) {
            nextAwaitsClient = false;
            decoder.nextRequest();
        }
    }

    /** The proxy shuts down: a connection that waits for a further request ends. */
    void finishIfIdle() {
        if (exchange == null && served && !decoder.headBegun()) {
            closeGently();
        }
    }

    /** The client has ended its side, behind bytes that nobody reads for now. */
    void endedUnread() {
        Exchange current = exchange;
        if (current == null || !current.needsUnread()) {
            gone();
        }
    }

    /** The client went away. */
    void gone() {
        deadline.cancel();
        Exchange current = exchange;
        if (current != null) {
            exchange = null;
            // First what others are held by, whatever becomes of the report.
            current.clientGone();
            entrance.handshakeAnswered();
            report.abandoned();
        }
        channel.close();
    }
}
