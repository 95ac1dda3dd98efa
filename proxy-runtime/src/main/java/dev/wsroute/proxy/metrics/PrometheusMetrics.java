package dev.wsroute.proxy.metrics;

import dev.wsroute.admin.Drops;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.containment.Failures;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ShedObserver;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.MemoryBudgets;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts for Prometheus. Labels are routes and backends of the configuration, close codes and statuses: all bounded;
 * those of a removed backend go when no connection is left.
 */
public final class PrometheusMetrics implements ProxyMetrics {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<BackendName, BackendMeters> backends = new ConcurrentHashMap<>();
    private final RefusalMeters refusals = new RefusalMeters(registry);
    private final ConfigMeters configs = new ConfigMeters(registry);
    private final ShedMeters shedding = new ShedMeters(registry);
    private final LoopMeters loops = new LoopMeters(registry);
    private final LogMeters logs = new LogMeters(registry);
    private volatile EndpointCounts endpoints = (backend, state) -> 0;
    private final LongAdder clients = new LongAdder();
    private final LongAdder pauses = new LongAdder();

    public PrometheusMetrics() {
        Gauge.builder("wsroute.clients", clients, LongAdder::sum)
                .description("Clients' TCP connections, tunnel or not")
                .register(registry);
        FunctionCounter.builder("wsroute.accept.pauses", pauses, LongAdder::sum)
                .description("How often a listener stopped accepting for a moment, for want of file descriptors")
                .register(registry);
        ProcessMeters.register(registry);
    }

    /** Asks there how many endpoints backends have, whenever somebody looks. */
    public void watchEndpoints(EndpointCounts counts) {
        endpoints = counts;
    }

    /** Measures how late these are, until they end. */
    public void watchLoops(Iterable<EventExecutor> eventLoops) {
        loops.watch(eventLoops);
    }

    /** Asks there what is held of memory, whenever somebody looks. */
    public void watchMemory(MemoryBudgets memory) {
        memory.all().forEach(budget -> {
            Gauge.builder("wsroute.memory.budget.bytes", budget, MemoryBudget::capacity)
                    .description("Size of a memory budget that all connections share")
                    .tag("budget", budget.name())
                    .register(registry);
            Gauge.builder("wsroute.memory.used.bytes", budget, MemoryBudget::used)
                    .description("Bytes reserved of a memory budget")
                    .tag("budget", budget.name())
                    .register(registry);
        });
        FunctionCounter.builder("wsroute.memory.evictions", memory, MemoryBudgets::evictions)
                .description("Connections reset because others needed the memory that they held")
                .register(registry);
    }

    /** Asks there how much was thrown for single connections and contained, whenever somebody looks. */
    public void watchFailures(Failures failures) {
        for (FailurePoint place : FailurePoint.values()) {
            FunctionCounter.builder("wsroute.contained.errors", failures, all -> all.count(place))
                    .description("Internal errors, each of which reset at most one connection, by place")
                    .tag("place", place.label())
                    .register(registry);
        }
    }

    /** Asks there what became of the lines of both logs, whenever somebody looks. */
    public void watchLogs(LogCounts counts) {
        logs.watch(counts);
    }

    /** Shows which connections a port for probes and people has reset. */
    public void watchAdmin(String port, Drops drops) {
        AdminMeters.register(registry, port, drops);
    }

    /** What is told how the asking of crowds gets on. */
    public ShedObserver shedding() {
        return shedding;
    }

    /** How many connections wait for their turn to be asked to leave, by reason; reasons without any left out. */
    public Map<String, Long> sheddingNow() {
        return shedding.waitingNow();
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
    public void acceptPaused() {
        pauses.increment();
    }

    @Override
    public void refused(RefusalReason reason, int status, String route) {
        refusals.refused(reason, status, route);
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
    public void connectRetried(String route, String backend) {
        backend(route, backend).connectRetried();
    }

    @Override
    public void ejected(String route, String backend) {
        backend(route, backend).ejected();
    }

    @Override
    public TunnelMeter tunnelOpened(String route, String backend, HandshakeTimes handshake) {
        BackendMeters meters = backend(route, backend);
        meters.opened(handshake);
        return new Meter(meters, shedding);
    }

    /**
     * A configuration was applied.
     *
     * @param generation of its version, 0 without
     * @param ignored how many of its fields this build does not know
     * @param served its backends: they have series from now on, others' go
     */
    public void configApplied(long generation, int ignored, Set<BackendName> served) {
        configs.applied(generation, ignored);
        served.forEach(this::backend);
        backends.entrySet().removeIf(entry -> {
            boolean gone = !served.contains(entry.getKey()) && entry.getValue().idle();
            if (gone) {
                entry.getValue().remove();
            }
            return gone;
        });
    }

    /** A configuration was refused. */
    public void configRefused(RefusedConfig cause) {
        configs.refused(cause);
    }

    private BackendMeters backend(String route, String backend) {
        return backend(new BackendName(route, backend));
    }

    private BackendMeters backend(BackendName name) {
        return backends.computeIfAbsent(
                name,
                absent -> new BackendMeters(
                        registry, name.route(), name.backend(), state -> endpoints.count(name, state)));
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

    private record Meter(BackendMeters backend, ShedMeters shedding) implements TunnelMeter {

        @Override
        public void relayed(Direction direction, long messages, long bytes) {
            backend.relayed(direction, messages, bytes);
        }

        @Override
        public void readingPaused(Direction direction) {
            backend.readingPaused(direction);
        }

        @Override
        public void readingResumed(Direction direction, long nanos) {
            backend.readingResumed(direction, nanos);
        }

        @Override
        public void closeSent(CloseReason reason) {
            // Counted by its code at the end.
        }

        @Override
        public void ended(TunnelEnd end, int closeCode, @Nullable CloseReason reason) {
            if (reason != null && end == TunnelEnd.RESET_AFTER_CLOSE_TIMEOUT) {
                shedding.reset(reason);
            }
            backend.closed(end, end.initiator(), code(end, closeCode));
            backend.ended();
        }
    }
}
