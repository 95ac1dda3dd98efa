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
 * Finds an endpoint that takes the connection: where one does not, another is tried, as often as the rule says. Nothing
 * of the request has been written by then. Everything happens on one event loop.
 */
public final class BackendConnector {

    /** Hears how it went; exactly one call, none after {@link BackendConnector#cancel}. */
    public interface Listener {

        /** Connected. Channel and lease are the listener's now. */
        void connected(Channel backend, EndpointLease lease);

        /** There was no endpoint to try. */
        void noEndpoint();

        /**
         * All that were tried failed.
         *
         * @param timedOut the last one did not answer in time
         */
        void unreachable(boolean timedOut);

        /** This process has no file descriptor left for a connection; no endpoint is to blame. */
        void outOfDescriptors();

        /** Something was thrown, perhaps by a method of this listener. Only the client's connection may be affected. */
        void failed(Throwable cause);
    }

    private final BackendDialer dialer;
    private final ProxyMetrics metrics;
    private final ActiveRule rule;
    private final RequestFacts request;
    private final EventLoop loop;
    private final Listener listener;
    private Set<EndpointKey> tried = Set.of();
    private @Nullable EndpointDial current;
    /** The endpoint's that is being tried. */
    private @Nullable EndpointLease leased;

    public BackendConnector(
            BackendDialer dialer,
            ProxyMetrics metrics,
            ActiveRule rule,
            RequestFacts request,
            EventLoop loop,
            Listener listener) {
        this.dialer = dialer;
        this.metrics = metrics;
        this.rule = rule;
        this.request = request;
        this.loop = loop;
        this.listener = listener;
    }

    /** Tries the first endpoint. */
    public void start() {
        next(false);
    }

    /** Gives up; the lease of the endpoint being tried is released. */
    public void cancel() {
        if (current != null) {
            current.cancel();
        }
        if (leased != null) {
            leased.release();
        }
    }

    private void next(boolean timedOut) {
        EndpointLease lease =
                tried.size() > Objects.requireNonNull(rule.config().connectRetries())
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

    private final class Attempt implements EndpointDial.Listener {

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

    /** Whether the network told of a failure: a proxy without descriptors must not hold that against its endpoints. */
    private static boolean isTheEndpoints(Throwable cause) {
        return (cause instanceof ConnectException || cause instanceof NoRouteToHostException)
                && !LocalShortage.ofDescriptors(cause)
                && !LocalShortage.ofPorts(cause);
    }
}
