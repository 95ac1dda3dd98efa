// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import dev.wsroute.proxy.accesslog.AccessLogSink;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.http.client.DownstreamConnection;
import dev.wsroute.proxy.http.client.Exchange;
import dev.wsroute.proxy.http.client.ExchangeRecord;
import dev.wsroute.proxy.http.exchange.BackendRequestEncoder;
import dev.wsroute.proxy.http.exchange.BackendResponseDecoder;
import dev.wsroute.proxy.http.exchange.ResponseRelay;
import dev.wsroute.proxy.http.exchange.UpstreamConnection;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.metrics.BackendTlsFailure;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.relay.Handover;
import dev.wsroute.proxy.relay.Tunnel;
import dev.wsroute.proxy.relay.TunnelFactory;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.tls.BackendTlsException;
import dev.wsroute.proxy.tls.TlsEvents;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A handshake with a backend. Client bytes stay unread until the backend has sent a valid 101. Any other response is
 * passed on as a plain response, and the connections are not reused.
 */
public final class UpgradeExchange implements Exchange, ResponseRelay.ResponseListener {

    private final DownstreamConnection client;
    private final RequestHead head;
    private final ActiveRule rule;
    private final ExchangeRecord record;
    private final AccessLogSink accessLog;
    private final TunnelFactory tunnels;
    private final UpstreamConnection backend;
    private final ResponseRelay relay;
    private final Deadline deadline;
    private boolean answered;
    private boolean over;

    public UpgradeExchange(
            DownstreamConnection client,
            RequestHead head,
            ActiveRule rule,
            ExchangeRecord record,
            BackendDialer dialer,
            ProxyMetrics metrics,
            AccessLogSink accessLog,
            TunnelFactory tunnels) {
        this.client = client;
        this.head = head;
        this.rule = rule;
        this.record = record;
        this.accessLog = accessLog;
        this.tunnels = tunnels;
        this.backend = new UpstreamConnection(client, head, rule, record, dialer, metrics, this::connected);
        this.relay = new ResponseRelay(client, head, rule, this);
        this.deadline = new Deadline(client.channel());
    }

    @Override
    public void begin() {
        backend.connect();
    }

    private void connected(Channel channel) {
        HttpRequest request = UpgradeHeaders.request(client, head, rule);
        channel.pipeline()
                .addLast("responses", new BackendResponseDecoder(false, client.unfinishedHeads()))
                .addLast("upgrade", new UpgradeResponseHandler(this));
        channel.writeAndFlush(BackendRequestEncoder.head(channel.alloc(), request), channel.voidPromise());
        deadline.arm(rule.config().timeouts().upgrade(), this::tooSlow);
    }

    /** The backend sent a final response other than 101. */
    void refused(ChannelHandlerContext ctx, HttpResponse response) {
        ctx.pipeline().replace(ctx.handler(), "response", relay);
        relay.channelRead(ctx, response);
    }

    /** @return why a 101 is invalid; null if it is valid */
    @Nullable String faultOf(HttpResponse switching) {
        return UpgradeResponseCheck.fault(head, switching);
    }

    /** A valid 101 has been read, and perhaps bytes after it. */
    void open(ChannelHandlerContext ctx, HttpResponse switching) {
        if (!client.channel().isActive()) {
            // The client has disconnected; its handler is notified next.
            return;
        }
        deadline.cancel();
        over = true;
        EndpointLease opened = Objects.requireNonNull(backend.lease());
        HttpHeaders headers = UpgradeHeaders.switching(switching.headers(), head.grant(), rule, opened);
        opened.opened();
        HandshakeTimes times = record.switched(headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
        // The tunnel may live for hours and must not keep this exchange and its request in memory.
        ExchangeRecord kept = record;
        AccessLogSink log = accessLog;
        Handover early = new Handover(client.channel());
        Handover answered = new Handover(ctx.channel());
        Tunnel tunnel = null;
        try {
            client.leave(early::hold);
            leave(ctx.channel(), answered::hold);
            tunnel = tunnels.create(
                    early,
                    answered,
                    rule,
                    opened,
                    UpgradeResponseCheck.extensions(switching.headers()),
                    head.grant().rights(),
                    times,
                    () -> kept.entry(null),
                    passed -> log.log(kept.entry(passed)));
            accessLog.log(record.entry(null));
            client.keepRecordOnly();
            tunnel.open(() -> client.switching(headers));
            client.passRecordTo(tunnel);
        } catch (Throwable e) {
            // Neither channel has a handler any more that would notice.
            if (tunnel == null) {
                abandon(early, answered, opened, e);
            } else {
                tunnel.abandon(e);
            }
        }
    }

    /** Ends connections that no tunnel has taken. */
    private static void abandon(Handover client, Handover backend, EndpointLease lease, Throwable cause) {
        client.abandon(cause);
        backend.abandon(cause);
        lease.release();
    }

    /** @param unread receives the bytes that the backend sent after its 101 */
    private static void leave(Channel channel, Consumer<ByteBuf> unread) {
        unread.accept(channel.pipeline().get(BackendResponseDecoder.class).takeUnread());
        channel.pipeline().remove(UpgradeResponseHandler.class);
        channel.pipeline().remove(BackendResponseDecoder.class);
        TlsEvents.leave(channel);
    }

    /** The backend violated the handshake. */
    void responseBroken(String sentence) {
        responseBroken(sentence, sentence);
    }

    /** The connection to the backend broke before its 101. */
    void connectionBroke(Throwable cause) {
        String sentence = "The connection to the backend broke.";
        // With TLS 1.3, a backend refuses the proxy's certificate after the handshake. That is no fault of the
        // endpoint.
        boolean ofEndpoint =
                !(cause instanceof BackendTlsException tls && tls.reason() == BackendTlsFailure.REFUSED_BY_BACKEND);
        broken(sentence, Objects.requireNonNullElse(BackendTlsException.sentence(cause), sentence), ofEndpoint);
    }

    @Override
    public void responseBroken(String sentence, String detail) {
        broken(sentence, detail, true);
    }

    private void broken(String sentence, String detail, boolean ofEndpoint) {
        if (!over) {
            if (!answered && ofEndpoint) {
                upgradeFailed();
            }
            giveBack();
            client.refuse(Rejection.of(RefusalReason.BACKEND_BROKEN, HttpResponseStatus.BAD_GATEWAY, sentence), detail);
        }
    }

    private void tooSlow() {
        upgradeFailed();
        giveBack();
        client.refuse(Rejection.of(
                RefusalReason.BACKEND_TOO_SLOW,
                HttpResponseStatus.GATEWAY_TIMEOUT,
                "The backend took too long to upgrade."));
    }

    private void upgradeFailed() {
        EndpointLease failing = backend.lease();
        if (failing != null) {
            failing.upgradeFailed();
        }
    }

    @Override
    public void responseHeadCame(int status, HttpHeaders towardsClient) {
        answered = true;
        backend.answered(status, towardsClient);
        deadline.cancel();
    }

    @Override
    public void responsePassed() {
        giveBack();
        client.responseEnded();
    }

    @Override
    public void backendWritabilityChanged(boolean writable) {
        // Only the request head is written to this backend.
    }

    @Override
    public void requestContent(HttpContent content) {
        // A handshake has no body, so its end does not matter.
        content.release();
    }

    @Override
    public void requestPaused() {}

    @Override
    public void clientWritabilityChanged(boolean writable) {
        relay.readMore(writable);
    }

    /** Something was thrown for the backend's connection; the client may be waiting for the result. */
    void failed(Throwable cause) {
        backend.failed(cause);
    }

    /** The bytes may be the client's first frames, which are forwarded after the backend's 101. */
    @Override
    public boolean needsUnread() {
        return !answered;
    }

    @Override
    public void clientDisconnected() {
        backend.cancel();
        giveBack();
    }

    private void giveBack() {
        over = true;
        deadline.cancel();
        relay.stop();
        backend.release();
    }
}
