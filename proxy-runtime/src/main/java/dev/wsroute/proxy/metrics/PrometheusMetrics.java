package dev.wsroute.proxy.metrics;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.drain.CloseReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToIntBiFunction;

/**
 * Counts for Prometheus. Labels are routes and backends of the configuration, close codes and statuses: all bounded;
 * those of a removed route go with its last connection.
 */
public final class PrometheusMetrics implements ProxyMetrics, AccessLog {

    private static final int MAX_REFUSAL_SERIES = 10_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<BackendKey, BackendMeters> backends = new ConcurrentHashMap<>();
    private final Map<RefusalKey, Counter> refusals = new ConcurrentHashMap<>();
    private volatile ToIntBiFunction<String, String> ejectedNow = (route, backend) -> 0;
    private final LongAdder clients = new LongAdder();
    private final LongAdder applied = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicLong ignoredFields = new AtomicLong();
    private final AtomicLong inForce = new AtomicLong();

    private record BackendKey(String route, String backend) {}

    private record RefusalKey(RefusalReason reason, int status, String route) {}

    public PrometheusMetrics() {
        Gauge.builder("wsroute.clients", clients, LongAdder::sum)
                .description("Clients' TCP connections, tunnel or not")
                .register(registry);
        FunctionCounter.builder("wsroute.config.applied", applied, LongAdder::sum)
                .description("Configurations applied")
                .register(registry);
        FunctionCounter.builder("wsroute.config.refused", refused, LongAdder::sum)
                .description("Configurations refused")
                .register(registry);
        Gauge.builder("wsroute.config.ignored.fields", ignoredFields, AtomicLong::get)
                .description("Fields of the configuration in force that this build does not know")
                .register(registry);
        Gauge.builder("wsroute.config.generation", inForce, AtomicLong::get)
                .description("Generation of the configuration in force")
                .register(registry);
        ProcessMeters.register(registry);
    }

    /** Asks there how many endpoints of a route's backend are left out, whenever somebody looks. */
    public void watchEjected(ToIntBiFunction<String, String> count) {
        ejectedNow = count;
    }

    /** Asks there how many lines the access log had to drop, whenever somebody looks. */
    public void watchDropped(LongSupplier lines) {
        FunctionCounter.builder("wsroute.accesslog.dropped", lines, LongSupplier::getAsLong)
                .description("Lines of the access log that were dropped, since the output took them too slowly")
                .register(registry);
    }

    /** All of it in Prometheus's text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void clientConnected() {
        clients.increment();
    }

    @Override
    public void clientDisconnected() {
        clients.decrement();
    }

    @Override
    public void refused(RefusalReason reason, int status, String route) {
        RefusalKey key = new RefusalKey(reason, status, route);
        Counter counter = refusals.get(key);
        if (counter == null && refusals.size() < MAX_REFUSAL_SERIES) {
            counter = refusals.computeIfAbsent(
                    key,
                    absent -> Counter.builder("wsroute.refusals")
                            .description("Requests that the proxy answered itself, connections that it turned away")
                            .tags("reason", reason.label(), "status", String.valueOf(status), "route", route)
                            .register(registry));
        }
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void exchangeEnded(String route, String backend, int status, long nanos) {
        backend(route, backend).exchange(status, nanos);
    }

    @Override
    public void connectFailed(String route, String backend, EndpointKey endpoint) {
        backend(route, backend).connectFailed();
    }

    @Override
    public void ejected(String route, String backend) {
        backend(route, backend).ejected();
    }

    @Override
    public TunnelMeter tunnelOpened(String route, String backend, HandshakeTimes handshake) {
        BackendMeters meters = backend(route, backend);
        meters.opened(handshake);
        return new Meter(meters);
    }

    /** Only the entry knows which code a WebSocket was closed with. */
    @Override
    public void log(AccessEntry entry) {
        AccessEntry.Tunnel tunnel = entry.tunnel();
        if (tunnel != null && entry.route() != null && entry.backend() != null) {
            CloseReason reason = tunnel.closeReason();
            int code = reason == null ? tunnel.closeCode() : reason.code();
            backend(entry.route(), entry.backend()).closed(tunnel.end().initiator(), code(tunnel.end(), code));
        }
    }

    /**
     * A configuration was applied.
     *
     * @param generation of its version, 0 without
     * @param ignored how many of its fields this build does not know
     * @param routes the names of its routes
     */
    public void configApplied(long generation, int ignored, Set<String> routes) {
        applied.increment();
        ignoredFields.set(ignored);
        inForce.set(generation);
        backends.entrySet().removeIf(entry -> {
            boolean gone =
                    !routes.contains(entry.getKey().route()) && entry.getValue().idle();
            if (gone) {
                entry.getValue().remove();
            }
            return gone;
        });
    }

    /** A configuration was refused. */
    public void configRefused() {
        refused.increment();
    }

    private BackendMeters backend(String route, String backend) {
        return backends.computeIfAbsent(
                new BackendKey(route, backend),
                key -> new BackendMeters(registry, route, backend, () -> ejectedNow.applyAsInt(route, backend)));
    }

    /**
     * Codes that RFC 6455 §7.4.1 names stand for themselves, those of libraries and applications for their range; 1005 for
     * a Close frame without a code, none where there was no Close frame. Peers choose codes: what is left is one value.
     */
    private static String code(TunnelEnd end, int code) {
        if (code < 0) {
            return end == TunnelEnd.CLIENT_CLOSED || end == TunnelEnd.BACKEND_CLOSED ? "1005" : "none";
        }
        if (code >= 1000 && code < 1016) {
            return String.valueOf(code);
        }
        return code >= 3000 && code < 5000 ? code / 1000 + "xxx" : "other";
    }

    private record Meter(BackendMeters backend) implements TunnelMeter {

        @Override
        public void relayed(Direction direction, long messages, long bytes) {
            backend.relayed(direction, messages, bytes);
        }

        @Override
        public void closeSent(CloseReason reason) {
            // Counted by its code at the end.
        }

        @Override
        public void ended(TunnelEnd end) {
            backend.ended();
        }
    }
}
