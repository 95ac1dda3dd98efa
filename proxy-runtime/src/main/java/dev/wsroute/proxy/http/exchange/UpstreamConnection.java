// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.client.DownstreamConnection;
import dev.wsroute.proxy.http.client.ExchangeRecord;
import dev.wsroute.proxy.http.headers.GrantedHead;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.RuleChanges;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.upstream.BackendConnector;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backend of one exchange: connects to it, holds its connection and the lease on its endpoint, and releases both. The
 * client is answered if there is no backend to connect to. Used on the event loop of the client's connection only.
 */
public final class UpstreamConnection implements BackendConnector.ConnectListener {

    private final DownstreamConnection client;
    private final RequestHead head;
    private final ActiveRule rule;
    private final ExchangeRecord record;
    private final Consumer<Channel> connected;
    private final BackendConnector connector;
    private @Nullable Channel channel;
    private @Nullable EndpointLease lease;

    /** @param connected called with the connection, once it is there and nothing has been written to it */
    public UpstreamConnection(
            DownstreamConnection client,
            RequestHead head,
            ActiveRule rule,
            ExchangeRecord record,
            BackendDialer dialer,
            ProxyMetrics metrics,
            Consumer<Channel> connected) {
        this.client = client;
        this.head = head;
        this.rule = rule;
        this.record = record;
        this.connected = connected;
        this.connector = new BackendConnector(
                dialer, client.memory(), metrics, rule, head, client.channel().eventLoop(), this);
    }

    /** Starts to connect. */
    public void connect() {
        connector.start();
    }

    /** Null before it is connected. */
    public @Nullable Channel channel() {
        return channel;
    }

    /** Null before it is connected. */
    public @Nullable EndpointLease lease() {
        return lease;
    }

    /** The backend has answered with this status; adds what the rule and the session want towards the client. */
    public void answered(int status, HttpHeaders towardsClient) {
        EndpointLease answering = Objects.requireNonNull(lease);
        answering.answered(status);
        GrantedHead.response(head.grant(), towardsClient);
        RuleChanges.response(rule, towardsClient);
        HeaderRules.addSession(towardsClient, answering);
    }

    /** Stops connecting. */
    public void cancel() {
        connector.cancel();
    }

    /** Closes the connection and releases the endpoint. */
    public void release() {
        if (channel != null) {
            channel.close();
        }
        if (lease != null) {
            lease.release();
        }
    }

    @Override
    public void connected(Channel backend, EndpointLease leased) {
        channel = backend;
        lease = leased;
        record.connected(leased, backend.remoteAddress());
        connected.accept(backend);
    }

    @Override
    public void noEndpoint() {
        client.refuse(Rejection.noEndpoint());
    }

    @Override
    public void unreachable(boolean timedOut, @Nullable String detail) {
        Rejection rejection = Rejection.unreachable(timedOut);
        client.refuse(rejection, detail == null ? rejection.sentence() : detail);
    }

    @Override
    public void outOfDescriptors() {
        client.refuse(Rejection.outOfDescriptors());
    }

    @Override
    public void failed(Throwable cause) {
        Containment.failed(client.channel(), FailurePoint.LISTENER, cause);
    }
}
