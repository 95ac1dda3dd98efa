// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestCheck;
import dev.wsroute.proxy.http.request.RequestDecoder;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.snapshot.Snapshot;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP connection: one request after another (RFC 9112 §9.3), each served by an {@link Exchange}. A
 * pipelined request stays unread until the previous response has ended.
 *
 * <p>A client that half-closes the connection counts as disconnected, as in other proxies: nothing else would show that
 * nobody waits for an endless response. With epoll this is noticed even while reading is paused, and bytes before the
 * end stay unread; with NIO, once reading resumes or a timeout ends the exchange.
 *
 * <p>All methods must be called on the connection's event loop.
 */
final class PersistentConnection {

    private final HttpSettings settings;
    private final Channel channel;
    private final ClientAdmission admission;
    private final RequestDecoder decoder;
    private final ResponseWriter response;
    private final ConnectionTimer timer;
    private final CurrentRequest current;
    private final ExchangeReport report;
    private final Account kept;
    private final RequestDispatcher dispatcher;
    private final DownstreamConnection client;
    private final ClientPipeline pipeline;
    private final boolean early;
    private boolean served;
    /** Whether the next request waits until the client has read more of its responses. */
    private boolean nextAwaitsClient;

    /**
     * Creates a connection without installing it.
     *
     * @param role what the current configuration says about the listener
     * @param early whether the client may have opened the connection in advance
     */
    PersistentConnection(
            Channel channel,
            HttpSettings settings,
            RequestLimits limits,
            ClientAdmission admission,
            Supplier<ListenerRole> role,
            boolean early) {
        this.channel = channel;
        this.settings = settings;
        this.admission = admission;
        this.current = new CurrentRequest(limits);
        this.timer = new ConnectionTimer(channel, this::tooSlow);
        this.response = new ResponseWriter(channel);
        this.report = new ExchangeReport(settings);
        Account account = settings.memory().requests().open(Account.of(channel));
        this.kept = account;
        // References only the account, not this connection and its last request, for the lifetime of a tunnel.
        Containment.whenDone(channel.closeFuture(), channel, closed -> account.hold(0));
        this.early = early;
        this.dispatcher = new RequestDispatcher(settings, admission, role, account);
        this.decoder = new RequestDecoder(
                () -> current.limits().head(), settings.memory().heads(), this::awaitHead);
        this.pipeline = new ClientPipeline(channel, decoder, response.encoder(), new ClientHandler(this, current));
        this.client = new DownstreamConnection(this, current, channel, settings, admission, response, report, account);
    }

    /** Appends its handlers to the pipeline. */
    void install() {
        decoder.setAccount(settings.memory().buffers().open(Account.of(channel)));
        pipeline.install();
        if (early) {
            decoder.notifyFirstByte();
        }
        awaitFirst();
    }

    /** Limits the time until the first byte of the first request. */
    void awaitFirst() {
        timer.start(current.limits().firstWait(early));
    }

    /** Starts reading the request body. */
    void readBody() {
        decoder.proceed();
    }

    /** Limits the time until a request head is complete. */
    void awaitHead() {
        timer.start(current.limits().handshakeTimeout());
    }

    /** A request head was received. */
    void begin(HttpRequest request) {
        assert ThreadRules.onLoopOf(channel);
        timer.stop();
        Snapshot snapshot = settings.snapshot().get();
        current.begin(snapshot.terms().limits());
        ExchangeRecord record = report.begin(admission.peer());
        response.begin(request.method().equals(HttpMethod.HEAD));
        try {
            RequestHead checked = RequestCheck.check(
                    request, admission.clientInfo(snapshot.terms().trust(), request.headers()));
            current.checked(checked);
            // A connection with an upgrade request serves nothing else: bytes after a refused upgrade may be frames.
            response.closeAfter(!checked.keepAlive() || checked.upgradesToWebSocket());
            record.request(checked, snapshot.secretParameters());
            Exchange created = dispatcher.dispatch(client, checked, snapshot, record);
            current.servedBy(created);
            created.begin();
        } catch (RequestRejectedException e) {
            client.refuse(e.rejection());
        }
    }

    /** A piece of its body was received. */
    void body(HttpContent content) {
        if (current.receive(content)) {
            nextRequest();
        }
    }

    /** A malformed request or body was received. */
    void unreadable(Throwable cause) {
        Exchange exchange = current.exchange();
        if (RequestCheck.isTls(cause)) {
            settings.metrics().refused(RefusalReason.MALFORMED, 0, "");
            gone();
        } else if (exchange == null) {
            timer.stop();
            refuseUnread(RequestCheck.unreadable(cause));
        } else {
            exchange.clientDisconnected();
            client.refuse(RequestCheck.unreadableBody(cause));
        }
    }

    /** The client speaks HTTP on a port that requires TLS. */
    void refusePlaintext() {
        timer.stop();
        refuseUnread(Rejection.tlsRequired());
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
        report.begin(admission.peer());
        response.begin(false);
        client.refuse(rejection);
    }

    /**
     * The response has ended.
     *
     * @param detail why it is not a complete response of a backend; null if it is
     */
    void finish(@Nullable String detail) {
        assert ThreadRules.onLoopOf(channel);
        current.dropExchange();
        kept.hold(0);
        served = true;
        admission.handshakeAnswered();
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
     * Hands over the channel to a new owner, with an empty pipeline. No HTTP is processed on it any more.
     *
     * @param unread receives the bytes that the client sent after its request, and releases them
     */
    void leave(Consumer<ByteBuf> unread) {
        assert ThreadRules.onLoopOf(channel);
        timer.stop();
        current.dropExchange();
        admission.handshakeAnswered();
        pipeline.remove(unread);
    }

    /** The writability of the channel has changed. */
    void writabilityChanged() {
        Exchange exchange = current.exchange();
        if (exchange != null) {
            exchange.clientWritabilityChanged(channel.isWritable());
        } else if (nextAwaitsClient && channel.isWritable()) {
            nextAwaitsClient = false;
            decoder.nextRequest();
        }
    }

    /** The proxy is shutting down: closes an idle connection. */
    void finishIfIdle() {
        if (current.exchange() != null || decoder.headBegun()) {
            return;
        }
        if (served) {
            closeGently();
        } else {
            // Its first request may be on the way. Wait a shorter time for it.
            timer.start(current.limits().handshakeTimeout());
        }
    }

    /** The connection is about to be reset to free its memory. */
    void evicted() {
        Exchange exchange = current.exchange();
        if (exchange != null) {
            exchange.clientDisconnected();
            settings.metrics().refused(RefusalReason.MEMORY, 0, report.record().routeOrEmpty());
            current.dropExchange();
            admission.handshakeAnswered();
            report.cutOff("The proxy ran out of memory, and this connection used the most.");
        }
        Containment.reset(channel);
    }

    /** The client has half-closed the connection, after bytes that are not read for now. */
    void endedUnread() {
        if (!current.needsUnread()) {
            gone();
        }
    }

    /** The client disconnected. */
    void gone() {
        assert ThreadRules.onLoopOf(channel);
        timer.stop();
        Exchange exchange = current.exchange();
        if (exchange != null) {
            current.dropExchange();
            // Release shared resources first, even if reporting fails.
            exchange.clientDisconnected();
            admission.handshakeAnswered();
            report.abandoned();
        }
        channel.close();
    }
}
