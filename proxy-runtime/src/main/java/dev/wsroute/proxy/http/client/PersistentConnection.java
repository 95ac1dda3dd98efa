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
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
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
    private final ConnectionTimer timer;
    private final CurrentRequest current;
    private final ExchangeReport report;
    private final Account kept;
    private final RequestIntake intake;
    private final ClientConnection client;
    private final ClientPipeline pipeline;
    private boolean served;
    /** The next request waits until the client has taken more of its responses. */
    private boolean nextAwaitsClient;

    private PersistentConnection(Channel channel, HttpSettings settings, ProxyLimits limits, Entrance entrance) {
        this.channel = channel;
        this.settings = settings;
        this.entrance = entrance;
        this.current = new CurrentRequest(limits);
        this.timer = new ConnectionTimer(channel, this::tooSlow);
        this.response = new ResponseWriter(channel);
        this.report = new ExchangeReport(settings, entrance.peer());
        Account account = settings.memory().requests().open(Account.of(channel));
        this.kept = account;
        // Keeps the account alone, not this connection with its last request, for as long as a tunnel lasts.
        Containment.whenDone(channel.closeFuture(), channel, closed -> account.hold(0));
        this.intake = new RequestIntake(settings, entrance, account);
        this.decoder = new RequestDecoder(
                () -> current.limits().head(), settings.memory().heads(), this::awaitHead);
        this.pipeline = new ClientPipeline(channel, decoder, response.encoder(), new ClientHandler(this, current));
        this.client = new ClientConnection(this, current, channel, settings, entrance, response, report, account);
    }

    /**
     * Puts a new connection's pipeline in place.
     *
     * @param ahead whether the client may have opened it before it needs it
     */
    static void install(Channel channel, HttpSettings settings, ProxyLimits limits, Entrance entrance, boolean ahead) {
        PersistentConnection connection = new PersistentConnection(channel, settings, limits, entrance);
        connection.decoder.reserveOf(settings.memory().buffers().open(Account.of(channel)));
        connection.pipeline.install();
        boolean early = ahead && !settings.finishing().getAsBoolean();
        if (early) {
            connection.decoder.tellFirstByte();
        }
        connection.timer.start(limits.firstWait(early));
    }

    /** Lets the request's body come in. */
    void readBody() {
        decoder.proceed();
    }

    private void awaitHead() {
        timer.start(current.limits().handshakeTimeout());
    }

    /** A request head has come. */
    void begin(HttpRequest request) {
        timer.stop();
        Snapshot snapshot = settings.snapshot().get();
        current.begin(snapshot.terms().limits());
        ExchangeRecord record = report.begin(entrance.peer());
        response.begin(request.method().equals(HttpMethod.HEAD));
        try {
            RequestHead checked =
                    RequestCheck.check(request, entrance.origin(snapshot.terms().trust(), request.headers()));
            current.checked(checked);
            // A connection that was asked to upgrade serves nothing else: what is behind a refused upgrade may be
            // frames.
            response.closeAfter(!checked.keepAlive() || checked.upgradesToWebSocket());
            record.request(checked);
            Exchange created = intake.accept(client, checked, snapshot, record);
            current.servedBy(created);
            created.begin();
        } catch (RequestRejectedException e) {
            client.refuse(e.rejection());
        }
    }

    /** A piece of its body has come. */
    void body(HttpContent content) {
        if (current.receive(content)) {
            nextRequest();
        }
    }

    /** What has come is no request, or no body of one. */
    void unreadable(Throwable cause) {
        Exchange exchange = current.exchange();
        if (exchange == null) {
            timer.stop();
            refuseUnread(RequestCheck.unreadable(cause));
        } else {
            exchange.clientGone();
            client.refuse(RequestCheck.unreadableBody(cause));
        }
    }

    private void tooSlow() {
        if (decoder.headBegun()) {
            refuseUnread(Rejection.tooSlow());
        } else {
            channel.close();
        }
    }

    /** Answers something that never became a request. */
    private void refuseUnread(Rejection rejection) {
        report.begin(entrance.peer());
        response.begin(false);
        client.refuse(rejection);
    }

    /**
     * The response has ended.
     *
     * @param detail why it is no backend's, or no whole one; null: it is
     */
    void finish(@Nullable String detail) {
        current.dropExchange();
        kept.hold(0);
        served = true;
        entrance.handshakeAnswered();
        report.ended(detail);
        if (response.closeAfter() || current.isBodyLeft()) {
            closeGently();
        } else if (current.isComplete()) {
            nextRequest();
        }
    }

    private void nextRequest() {
        if (settings.finishing().getAsBoolean()) {
            closeGently();
            return;
        }
        current.awaitNext(settings.snapshot().get().terms().limits());
        timer.startAfterResponse(current.limits());
        nextAwaitsClient = !channel.isWritable();
        if (!nextAwaitsClient) {
            decoder.nextRequest();
        }
    }

    private void closeGently() {
        timer.stop();
        pipeline.linger(current.limits().lingerTimeout());
    }

    /**
     * Leaves the channel to somebody else: nothing of HTTP is done with it any more, and its pipeline is empty.
     *
     * @return what the client sent behind its request; to be released
     */
    ByteBuf leave() {
        timer.stop();
        current.dropExchange();
        entrance.handshakeAnswered();
        return pipeline.remove();
    }

    /** The socket takes more, or no more, for now. */
    void writabilityChanged() {
        Exchange exchange = current.exchange();
        if (exchange != null) {
            exchange.clientWritabilityChanged(channel.isWritable());
        } else if (nextAwaitsClient && channel.isWritable()) {
            nextAwaitsClient = false;
            decoder.nextRequest();
        }
    }

    /** The proxy no longer accepts: a connection that waits for a further request ends. */
    void finishIfIdle() {
        if (current.exchange() != null || decoder.headBegun()) {
            return;
        }
        if (served) {
            closeGently();
        } else {
            // Its first request may be on the way; it is not waited for as long as it was.
            timer.start(current.limits().handshakeTimeout());
        }
    }

    /** Others need the memory that this connection holds: it is reset next. */
    void evicted() {
        Exchange exchange = current.exchange();
        if (exchange != null) {
            exchange.clientGone();
            settings.metrics().refused(RefusalReason.MEMORY, 0, report.record().routeOrEmpty());
            current.dropExchange();
            entrance.handshakeAnswered();
            report.cutOff("The proxy ran short of memory, and this connection held the most of it.");
        }
        Containment.reset(channel);
    }

    /** The client has ended its side, behind bytes that nobody reads for now. */
    void endedUnread() {
        if (!current.needsUnread()) {
            gone();
        }
    }

    /** The client went away. */
    void gone() {
        timer.stop();
        Exchange exchange = current.exchange();
        if (exchange != null) {
            current.dropExchange();
            // First what others are held by, whatever becomes of the report.
            exchange.clientGone();
            entrance.handshakeAnswered();
            report.abandoned();
        }
        channel.close();
    }
}
