// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.http.client.BodyWriter;
import dev.wsroute.proxy.http.client.DownstreamConnection;
import dev.wsroute.proxy.http.client.Exchange;
import dev.wsroute.proxy.http.client.ExchangeRecord;
import dev.wsroute.proxy.http.exchange.UploadWatch.Stalled;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.http.headers.GrantedHead;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.RuleChanges;
import dev.wsroute.proxy.http.headers.TrailerRules;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A plain HTTP request: one connection to a backend, with bodies streamed both ways. */
public final class PlainExchange implements Exchange, ResponseRelay.ResponseListener {

    private final DownstreamConnection client;
    private final RequestHead head;
    private final ActiveRule rule;
    private final UpstreamConnection backend;
    private final ResponseRelay relay;
    private final Deadline responseDeadline;
    private @Nullable BodyWriter body;
    private @Nullable UploadWatch upload;
    private boolean bodyAwaitsBackend;
    private boolean headCame;

    public PlainExchange(
            DownstreamConnection client,
            RequestHead head,
            ActiveRule rule,
            ExchangeRecord record,
            BackendDialer dialer,
            ProxyMetrics metrics) {
        this.client = client;
        this.head = head;
        this.rule = rule;
        this.backend = new UpstreamConnection(client, head, rule, record, dialer, metrics, this::connected);
        this.relay = new ResponseRelay(client, head, rule, this);
        this.responseDeadline = new Deadline(client.channel());
    }

    @Override
    public void begin() {
        backend.connect();
    }

    private void connected(Channel channel) {
        body = new BodyWriter(channel);
        // A backend may respond and close before it has read everything. Read the response even if writing fails.
        channel.config().setAutoClose(false);
        channel.pipeline()
                .addLast(
                        new BackendResponseDecoder(head.method().equals(HttpMethod.HEAD), client.unfinishedHeads()),
                        new BackendRequestEncoder(),
                        relay);
        HttpHeaders headers = HeaderRules.towardsBackend(head, client.localPort());
        if (!head.http11()) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
        bodyAwaitsBackend = headers.contains(HttpHeaderNames.EXPECT);
        if (head.hostHeader().isEmpty()) {
            headers.set(
                    FieldNames.HOST,
                    Objects.requireNonNull(backend.lease()).endpoint().address().getHostString());
        }
        GrantedHead.request(head.grant(), headers);
        RuleChanges.request(rule, headers);
        HeaderRules.setCertificate(headers, head.clientInfo());
        client.markPassage(headers);
        headers.set(FieldNames.CONNECTION, HttpHeaderValues.CLOSE);
        TrailerRules.announceToBackend(headers, rule, head);
        String target = rule.rewrite().target(head.target(), head.path());
        channel.write(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, head.method(), target, headers), channel.voidPromise());
        if (client.requestComplete()) {
            requestContent(LastHttpContent.EMPTY_LAST_CONTENT);
            channel.flush();
        } else {
            channel.flush();
            UploadWatch watch = new UploadWatch(
                    client.channel(), channel, responseTimeout(), client.bodyRate(), this::uploadStalled);
            upload = watch;
            watch.resume();
            if (!bodyAwaitsBackend) {
                watch.clientMayGoOn();
            }
            client.readBody();
        }
    }

    @Override
    public void requestContent(HttpContent content) {
        Channel channel = backend.channel();
        if (channel == null) {
            // Only the end of a request without a body arrives before the backend is connected. It is written then.
            content.release();
            return;
        }
        int length = content.content().readableBytes();
        Objects.requireNonNull(body).write(TrailerRules.towardsBackend(content, rule, head));
        bodyAwaitsBackend = false;
        if (client.requestComplete()) {
            stopWatchingUpload();
            if (!headCame) {
                responseDeadline.arm(responseTimeout(), this::tooSlow);
            }
            return;
        }
        if (upload != null) {
            upload.received(length);
        }
        if (!channel.isWritable()) {
            client.readMore(false);
        }
    }

    private Duration responseTimeout() {
        return rule.config().plainHttp().responseTimeout();
    }

    @Override
    public void progressed() {
        UploadWatch watch = upload;
        if (watch != null) {
            watch.progressed();
        }
    }

    @Override
    public void interimReceived() {
        bodyAwaitsBackend = false;
        if (upload != null) {
            upload.clientMayGoOn();
        }
    }

    private void uploadStalled(Stalled who) {
        if (who == Stalled.BACKEND || (bodyAwaitsBackend && !headCame)) {
            giveBack();
            client.refuse(Rejection.of(
                    RefusalReason.BACKEND_TOO_SLOW,
                    HttpResponseStatus.GATEWAY_TIMEOUT,
                    "The backend took too long to read the request body."));
        } else if (headCame) {
            // The client may be reading an endless response.
            Objects.requireNonNull(upload).resume();
        } else {
            giveBack();
            client.refuse(Rejection.of(
                    RefusalReason.TOO_SLOW,
                    HttpResponseStatus.REQUEST_TIMEOUT,
                    "The request body took too long to arrive."));
        }
    }

    private void stopWatchingUpload() {
        UploadWatch watch = upload;
        if (watch != null) {
            watch.stop();
            upload = null;
        }
    }

    @Override
    public void requestPaused() {
        Channel channel = backend.channel();
        if (channel != null) {
            channel.flush();
        }
    }

    @Override
    public void backendWritabilityChanged(boolean writable) {
        progressed();
        client.readMore(writable);
    }

    @Override
    public void clientWritabilityChanged(boolean writable) {
        relay.readMore(writable);
    }

    @Override
    public void responseHeadCame(int status, HttpHeaders towardsClient) {
        backend.answered(status, towardsClient);
        headCame = true;
        responseDeadline.cancel();
    }

    @Override
    public void responsePassed() {
        giveBack();
        client.responseEnded();
    }

    @Override
    public void responseBroken(String sentence, String detail) {
        giveBack();
        client.refuse(Rejection.of(RefusalReason.BACKEND_BROKEN, HttpResponseStatus.BAD_GATEWAY, sentence), detail);
    }

    private void tooSlow() {
        giveBack();
        client.refuse(Rejection.of(
                RefusalReason.BACKEND_TOO_SLOW,
                HttpResponseStatus.GATEWAY_TIMEOUT,
                "The backend took too long to respond."));
    }

    @Override
    public boolean needsUnread() {
        return false;
    }

    @Override
    public void clientDisconnected() {
        backend.cancel();
        giveBack();
    }

    private void giveBack() {
        responseDeadline.cancel();
        stopWatchingUpload();
        relay.stop();
        backend.release();
    }
}
