// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.RequestFacts;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Connects to an endpoint of a rule. If one fails, tries another, up to the rule's {@code connectRetries}. No part of
 * the request is written before. Confined to one event loop.
 */
public final class BackendConnector {

    /** Receives the result: exactly one call, or none after {@link BackendConnector#cancel}. */
    public interface ConnectListener {

        /** Connected. The listener owns the channel and the lease. */
        void connected(Channel backend, EndpointLease lease);

        /** No endpoint was available. */
        void noEndpoint();

        /**
         * All attempts failed.
         *
         * @param timedOut whether the last attempt timed out
         */
        void unreachable(boolean timedOut);

        /** This process has run out of file descriptors. Not the fault of an endpoint. */
        void outOfDescriptors();

        /** An unexpected error, perhaps thrown by this listener. Must affect only the client's connection. */
        void failed(Throwable cause);
    }

    private final BackendDialer dialer;
    private final ProxyMetrics metrics;
    private final ActiveRule rule;
    private final RequestFacts request;
    private final EventLoop loop;
    private final ConnectListener listener;
    private Set<EndpointKey> tried = Set.of();
    private @Nullable EndpointDial current;
    /** The lease of the current attempt. */
    private @Nullable EndpointLease leased;

    public BackendConnector(
            BackendDialer dialer,
            ProxyMetrics metrics,
            ActiveRule rule,
            RequestFacts request,
            EventLoop loop,
            ConnectListener listener) {
        this.dialer = dialer;
        this.metrics = metrics;
        this.rule = rule;
        this.request = request;
        this.loop = loop;
        this.listener = listener;
    }

    /** Starts the first attempt. */
    public void start() {
        next(false);
    }

    /** Cancels the attempt and releases its lease. */
    public void cancel() {
        if (current != null) {
            current.cancel();
        }
        if (leased != null) {
            leased.release();
        }
    }

    private void next(boolean timedOut) {
        EndpointLease lease = tried.size()
                        > Objects.requireNonNull(rule.config().connections().connectRetries())
                ? null
                : rule.endpoints().select(request, tried);
        if (lease == null) {
            if (tried.isEmpty()) {
                listener.noEndpoint();
            } else {
                listener.unreachable(timedOut);
            }
            return;
        }
        if (!tried.isEmpty()) {
            metrics.connectRetried(rule.route(), lease.backend());
        }
        Duration timeout = Objects.requireNonNull(rule.config().timeouts().connect());
        EndpointDial dial = new EndpointDial(dialer, loop, lease.endpoint(), timeout, new Attempt(lease));
        current = dial;
        leased = lease;
        try {
            dial.start();
        } catch (Throwable e) {
            lease.release();
            throw e;
        }
    }

    private final class Attempt implements EndpointDial.DialListener {

        private final EndpointLease lease;

        Attempt(EndpointLease lease) {
            this.lease = lease;
        }

        @Override
        public void connected(Channel backend) {
            current = null;
            leased = null;
            listener.connected(backend, lease);
        }

        @Override
        public void refused(Throwable cause) {
            BackendConnector.this.failed(cause, lease);
        }

        @Override
        public void failed(Throwable cause) {
            listener.failed(cause);
            lease.release();
        }
    }

    private void failed(Throwable cause, EndpointLease lease) {
        if (isTheEndpoints(cause)) {
            lease.connectFailed();
        }
        lease.release();
        if (LocalShortage.ofDescriptors(cause)) {
            listener.outOfDescriptors();
            return;
        }
        metrics.connectFailed(rule.route(), lease.backend(), lease.endpoint().key());
        Set<EndpointKey> more = new HashSet<>(tried);
        more.add(lease.endpoint().key());
        tried = Set.copyOf(more);
        next(cause instanceof ConnectTimeoutException);
    }

    /** Whether the endpoint is to blame. A local lack of descriptors or ports must not count against it. */
    private static boolean isTheEndpoints(Throwable cause) {
        return (cause instanceof ConnectException || cause instanceof NoRouteToHostException)
                && !LocalShortage.ofDescriptors(cause)
                && !LocalShortage.ofPorts(cause);
    }
}
