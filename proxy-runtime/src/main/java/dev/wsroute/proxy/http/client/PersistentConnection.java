package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestCheck;
import dev.wsroute.proxy.http.request.RequestDecoder;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.snapshot.ProxyLimits;
import dev.wsroute.proxy.snapshot.Snapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * A connection as long as its client speaks HTTP: one request after another (RFC 9112 §9.3), each given to an {@link
 * Exchange}. A request that comes before the former one's response has ended waits unread.
 *
 * <p>A client that ends its side of the connection is taken for gone, as other proxies do: nothing else would tell that
 * nobody waits for a response that never ends. With epoll that is noticed while reading pauses, too, and what the client
 * has sent before its end is left unread; with NIO not before reading goes on, or a timeout ends the exchange.
 *
 * <p>All methods are called on the connection's event loop.
 */
final class PersistentConnection {

    private final HttpSettings settings;
    private final Channel channel;
    private final Entrance entrance;
    private final RequestDecoder decoder;
    private final ResponseWriter response;
    private final Deadline deadline;
    private final ExchangeReport report;
    private final Account kept;
    private final RequestIntake intake;
    private final ClientConnection client;
    private final ClientHandler handler = new ClientHandler(this);
    private ProxyLimits limits;
    private @Nullable RequestHead head;
    private @Nullable Exchange exchange;
    private boolean requestComplete = true;
    private boolean served;
    /** The next request waits until the client has taken more of its responses. */
    private boolean nextAwaitsClient;
    /** Done once the socket has taken the last response, from when on the next request is waited for; null: it has begun. */
    private @Nullable ChannelFuture lastTaken;
    /** So many bytes waited for the client when they were looked at last. */
    private long untaken;

    private PersistentConnection(Channel channel, HttpSettings settings, ProxyLimits limits, Entrance entrance) {
        this.channel = channel;
        this.settings = settings;
        this.entrance = entrance;
        this.limits = limits;
        this.deadline = new Deadline(channel);
        this.response = new ResponseWriter(channel);
        this.report = new ExchangeReport(settings, entrance.peer());
        Account account = settings.memory().requests().open(Account.of(channel));
        this.kept = account;
        // Keeps the account alone, not this connection with its last request, for as long as a tunnel lasts.
        Containment.whenDone(channel.closeFuture(), channel, closed -> account.hold(0));
        this.intake = new RequestIntake(settings, entrance, account);
        this.decoder =
                new RequestDecoder(() -> this.limits.head(), settings.memory().heads(), this::firstByte);
        this.client = new ClientConnection(this, channel, settings, entrance, response, report, account);
    }

    /**
     * Puts a new connection's pipeline in place.
     *
     * @param ahead whether the client may have opened it before it needs it
     */
    static void install(Channel channel, HttpSettings settings, ProxyLimits limits, Entrance entrance, boolean ahead) {
        PersistentConnection connection = new PersistentConnection(channel, settings, limits, entrance);
        connection.decoder.reserveOf(settings.memory().buffers().open(Account.of(channel)));
        channel.pipeline().addLast(connection.decoder, connection.response.encoder(), connection.handler);
        if (ahead && !settings.finishing().getAsBoolean()) {
            connection.decoder.tellFirstByte();
            connection.deadline.arm(limits.firstWait(true), connection::tooSlow);
        } else {
            connection.deadline.arm(limits.firstWait(false), connection::tooSlow);
        }
    }

    /** The request that is being served; null between requests. */
    @Nullable RequestHead head() {
        return head;
    }

    /** The limits that apply to the request that is being served. */
    ProxyLimits limits() {
        return limits;
    }

    /** The request was read to its end. */
    boolean requestComplete() {
        return requestComplete;
    }

    /** Some of the request's body was not read. */
    boolean bodyLeft() {
        return head != null && head.hasBody() && !requestComplete;
    }

    /** Lets the request's body come in. */
    void readBody() {
        decoder.proceed();
    }

    private void firstByte() {
        lastTaken = null;
        deadline.arm(limits.handshakeTimeout(), this::tooSlow);
    }

    private void stopClock() {
        lastTaken = null;
        deadline.cancel();
    }

    /** A request head has come. */
    void begin(HttpRequest request) {
        stopClock();
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
            Exchange created = intake.accept(client, checked, snapshot, record);
            exchange = created;
            created.begin();
        } catch (RequestRejectedException e) {
            client.refuse(e.rejection());
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
            stopClock();
            report.begin(entrance.peer());
            response.begin(false);
            client.refuse(RequestCheck.unreadable(cause));
        } else {
            current.clientGone();
            client.refuse(RequestCheck.unreadableBody(cause));
        }
    }

    private void tooSlow() {
        if (decoder.headBegun()) {
            report.begin(entrance.peer());
            response.begin(false);
            client.refuse(Rejection.tooSlow());
        } else {
            channel.close();
        }
    }

    /** The exchange hears nothing more of its client. */
    void dropExchange() {
        exchange = null;
    }

    /**
     * The response has ended.
     *
     * @param detail why it is no backend's, or no whole one; null: it is
     */
    void finish(@Nullable String detail) {
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

    private void nextRequest() {
        head = null;
        if (settings.finishing().getAsBoolean()) {
            closeGently();
            return;
        }
        limits = settings.snapshot().get().terms().limits();
        awaitNext();
        nextAwaitsClient = !channel.isWritable();
        if (!nextAwaitsClient) {
            decoder.nextRequest();
        }
    }

    /** Its time begins when the socket has taken all: until then the client is not idle, however slowly it reads. */
    private void awaitNext() {
        if (waiting() == 0) {
            lastTaken = null;
            deadline.arm(limits.keepAliveTimeout(), this::tooSlow);
            return;
        }
        watchStall();
        ChannelFuture last = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        lastTaken = last;
        Containment.whenDone(last, channel, taken -> {
            if (last == lastTaken && channel.isOpen()) {
                lastTaken = null;
                deadline.arm(limits.keepAliveTimeout(), this::tooSlow);
            }
        });
    }

    private void watchStall() {
        untaken = waiting();
        deadline.arm(limits.stallTimeout(), this::lookForStall);
    }

    private void lookForStall() {
        if (waiting() < untaken) {
            watchStall();
        } else {
            channel.close();
        }
    }

    private long waiting() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    private void closeGently() {
        stopClock();
        LingeringClose.replace(handler, channel, limits.lingerTimeout());
        // What it holds goes to the new handler, which drops it.
        channel.pipeline().remove(decoder);
    }

    /**
     * Leaves the channel to somebody else: nothing of HTTP is done with it any more, and its pipeline is empty.
     *
     * @return what the client sent behind its request; to be released
     */
    ByteBuf leave() {
        stopClock();
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

    /** The proxy no longer accepts: a connection that waits for a further request ends. */
    void finishIfIdle() {
        if (exchange != null || decoder.headBegun()) {
            return;
        }
        if (served) {
            closeGently();
        } else {
            // Its first request may be on the way; it is not waited for as long as it was.
            deadline.arm(limits.handshakeTimeout(), this::tooSlow);
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

    /** The client has ended its side, behind bytes that nobody reads for now. */
    void endedUnread() {
        Exchange current = exchange;
        if (current == null || !current.needsUnread()) {
            gone();
        }
    }

    /** The client went away. */
    void gone() {
        stopClock();
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
