package dev.wsroute.proxy.http;

import dev.wsroute.proxy.balance.EndpointLease;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.upstream.BackendConnector;
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
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A request that does not upgrade: one connection to a backend, bodies streamed both ways. */
public final class PlainExchange implements Exchange, BackendConnector.Listener, ResponseRelay.Listener {

    private final ClientConnection client;
    private final RequestHead head;
    private final ActiveRule rule;
    private final ExchangeRecord record;
    private final BackendConnector connector;
    private final ResponseRelay relay;
    private final Deadline responseDeadline;
    private @Nullable Channel backend;
    private @Nullable EndpointLease lease;
    private boolean headCame;

    public PlainExchange(
            ClientConnection client,
            RequestHead head,
            ActiveRule rule,
            ExchangeRecord record,
            BackendDialer dialer,
            ProxyMetrics metrics) {
        this.client = client;
        this.head = head;
        this.rule = rule;
        this.record = record;
        this.connector =
                new BackendConnector(dialer, metrics, rule, client.channel().eventLoop(), this);
        this.relay = new ResponseRelay(client, head, this);
        this.responseDeadline = new Deadline(client.channel().eventLoop());
    }

    @Override
    public void begin() {
        connector.start();
    }

    @Override
    public void connected(Channel channel, EndpointLease leased) {
        backend = channel;
        lease = leased;
        record.connected(leased);
        // A backend may answer before it has read all, and close: that answer is to be read, though writing fails.
        channel.config().setAutoClose(false);
        channel.pipeline()
                .addLast(
                        new BackendResponseDecoder(head.method().equals(HttpMethod.HEAD)),
                        new BackendRequestEncoder(),
                        relay);
        InetSocketAddress local = (InetSocketAddress) client.channel().localAddress();
        HttpHeaders headers = HeaderRules.towardsBackend(head, client.address(), local.getPort());
        if (!head.http11()) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
        if (head.hostHeader().isEmpty()) {
            headers.set(HttpHeaderNames.HOST, leased.endpoint().address().getHostString());
        }
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.write(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, head.method(), head.target(), headers),
                channel.voidPromise());
        if (client.requestComplete()) {
            requestContent(LastHttpContent.EMPTY_LAST_CONTENT);
            channel.flush();
        } else {
            channel.flush();
            client.readBody();
        }
    }

    @Override
    public void requestContent(HttpContent content) {
        Channel channel = backend;
        if (channel == null) {
            // Only the end of a request without a body comes before the backend is there; it is written then.
            content.release();
            return;
        }
        channel.write(content, channel.voidPromise());
        if (client.requestComplete()) {
            if (!headCame) {
                responseDeadline.arm(rule.config().plainHttp().responseTimeout(), this::tooSlow);
            }
        } else if (!channel.isWritable()) {
            client.readMore(false);
        }
    }

    @Override
    public void requestPaused() {
        if (backend != null) {
            backend.flush();
        }
    }

    @Override
    public void backendWritabilityChanged(boolean writable) {
        client.readMore(writable);
    }

    @Override
    public void clientWritabilityChanged(boolean writable) {
        relay.readMore(writable);
    }

    @Override
    public void responseHeadCame() {
        headCame = true;
        responseDeadline.cancel();
    }

    @Override
    public void responsePassed() {
        giveBack();
        client.responseEnded();
    }

    @Override
    public void responseBroken(String sentence) {
        giveBack();
        client.refuse(Rejection.of(HttpResponseStatus.BAD_GATEWAY, sentence));
    }

    private void tooSlow() {
        giveBack();
        client.refuse(Rejection.of(HttpResponseStatus.GATEWAY_TIMEOUT, "The backend took too long to answer."));
    }

    @Override
    public void noEndpoint() {
        client.refuse(Rejection.noEndpoint());
    }

    @Override
    public void unreachable(boolean timedOut) {
        client.refuse(Rejection.unreachable(timedOut));
    }

    @Override
    public void clientGone() {
        connector.cancel();
        giveBack();
    }

    private void giveBack() {
        responseDeadline.cancel();
        relay.stop();
        if (backend != null) {
            backend.close();
        }
        if (lease != null) {
            lease.release();
        }
    }
}
