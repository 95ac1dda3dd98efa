// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.BackendTlsFailure;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.RequestFacts;
import dev.wsroute.proxy.tls.BackendHandshake;
import dev.wsroute.proxy.tls.BackendTlsException;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsMemory;
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
         * @param detail why the last attempt failed, in a sentence; null if there is nothing more to say
         */
        void unreachable(boolean timedOut, @Nullable String detail);

        /** This process has run out of file descriptors. Not the fault of an endpoint. */
        void outOfDescriptors();

        /** An unexpected error, perhaps thrown by this listener. Must affect only the client's connection. */
        void failed(Throwable cause);
    }

    private final BackendDialer dialer;
    private final MemoryBudgets memory;
    private final ProxyMetrics metrics;
    private final ActiveRule rule;
    private final RequestFacts request;
    private final EventLoop loop;
    private final ConnectListener listener;
    private Set<EndpointKey> tried = Set.of();
    private @Nullable Attempt current;
    /** The lease of the current attempt. */
    private @Nullable EndpointLease leased;

    /** @param memory budgets for TLS */
    public BackendConnector(
            BackendDialer dialer,
            MemoryBudgets memory,
            ProxyMetrics metrics,
            ActiveRule rule,
            RequestFacts request,
            EventLoop loop,
            ConnectListener listener) {
        this.dialer = dialer;
        this.memory = memory;
        this.metrics = metrics;
        this.rule = rule;
        this.request = request;
        this.loop = loop;
        this.listener = listener;
    }

    /** Starts the first attempt. */
    public void start() {
        next(null);
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

    /** @param failure of the attempt before; null if there was none */
    private void next(@Nullable Throwable failure) {
        EndpointLease lease = tried.size()
                        > Objects.requireNonNull(rule.config().connections().connectRetries())
                ? null
                : rule.endpoints().select(request, tried);
        if (lease == null) {
            if (failure == null) {
                listener.noEndpoint();
            } else {
                listener.unreachable(isTimeout(failure), BackendTlsException.sentence(failure));
            }
            return;
        }
        if (failure != null) {
            metrics.connectRetried(rule.route(), lease.backend());
        }
        Attempt attempt = new Attempt(lease);
        current = attempt;
        leased = lease;
        try {
            attempt.start();
        } catch (Throwable e) {
            lease.release();
            throw e;
        }
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof ConnectTimeoutException
                || (failure instanceof BackendTlsException tls && tls.reason() == BackendTlsFailure.TOO_SLOW);
    }

    /** Connects to one endpoint: TCP, and then TLS if its backend uses it. */
    private final class Attempt implements EndpointDial.DialListener, BackendHandshake.HandshakeListener {

        private final EndpointLease lease;
        private final Duration timeout =
                Objects.requireNonNull(rule.config().timeouts().connect());
        private final long begunAt = System.nanoTime();
        private final EndpointDial dial;
        private @Nullable BackendHandshake handshake;
        private @Nullable Channel channel;

        Attempt(EndpointLease lease) {
            this.lease = lease;
            this.dial = new EndpointDial(dialer, loop, lease.endpoint(), timeout, this);
        }

        void start() {
            dial.start();
        }

        void cancel() {
            dial.cancel();
            if (handshake != null) {
                handshake.cancel();
            }
        }

        @Override
        public void connected(Channel backend) {
            channel = backend;
            TlsBackend tls = rule.tls(lease.backend());
            if (tls == null) {
                ready();
                return;
            }
            handshake = new BackendHandshake(backend, this);
            long left = Math.max(1, timeout.toNanos() - (System.nanoTime() - begunAt));
            handshake.begin(tls, new TlsMemory(memory, backend), left);
        }

        @Override
        public void secured(boolean resumed) {
            metrics.backendTlsEstablished(rule.route(), lease.backend(), resumed);
            ready();
        }

        private void ready() {
            current = null;
            leased = null;
            listener.connected(Objects.requireNonNull(channel), lease);
        }

        @Override
        public void unsecured(BackendTlsException cause) {
            broke(cause);
            refused(cause);
        }

        @Override
        public void broke(BackendTlsException cause) {
            metrics.backendTlsFailed(rule.route(), lease.backend(), cause.reason());
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
        next(cause);
    }

    /**
     * Whether the endpoint is to blame. A local lack of descriptors or ports must not count against it, nor TLS that fails: the
     * configuration may be what is wrong.
     */
    private static boolean isTheEndpoints(Throwable cause) {
        if (cause instanceof BackendTlsException tls) {
            return tls.reason() == BackendTlsFailure.TOO_SLOW || tls.reason() == BackendTlsFailure.DISCONNECTED;
        }
        return (cause instanceof ConnectException || cause instanceof NoRouteToHostException)
                && !LocalShortage.ofDescriptors(cause)
                && !LocalShortage.ofPorts(cause);
    }
}
