// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.admin.Drops;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.containment.Failures;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.drain.ShedObserver;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.MemoryBudgets;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Metrics for Prometheus. All labels are bounded: routes and backends of the configuration, close codes and statuses.
 * The series of a removed backend disappear with its last connection.
 */
public final class PrometheusMetrics implements ProxyMetrics {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<BackendName, BackendMeters> backends = new ConcurrentHashMap<>();
    private final RefusalMeters refusals = new RefusalMeters(registry);
    private final ConfigMeters configs = new ConfigMeters(registry);
    private final ShedMeters shedding = new ShedMeters(registry);
    private final LoopMeters loops = new LoopMeters(registry);
    private final LogMeters logs = new LogMeters(registry);
    private final TlsMeters tls = new TlsMeters(registry);
    private final AuthorizationMeters authorizations = new AuthorizationMeters(registry);
    private volatile EndpointCounts endpoints = (backend, state) -> 0;
    private final LongAdder clients = new LongAdder();
    private final LongAdder pauses = new LongAdder();

    public PrometheusMetrics() {
        Gauge.builder("wsroute.clients", clients, LongAdder::sum)
                .description("TCP connections of clients, with or without a tunnel")
                .register(registry);
        FunctionCounter.builder("wsroute.accept.pauses", pauses, LongAdder::sum)
                .description("Times a listener paused accepting because of a lack of file descriptors")
                .register(registry);
        ProcessMeters.register(registry);
    }

    /** Registers gauges of the backends' endpoints. */
    public void watchEndpoints(EndpointCounts counts) {
        endpoints = counts;
    }

    /** Measures the delay of tasks on these loops until they end. */
    public void watchLoops(Iterable<EventExecutor> eventLoops) {
        loops.watch(eventLoops);
    }

    /** Registers gauges of the memory budgets. */
    public void watchMemory(MemoryBudgets memory) {
        memory.all().forEach(budget -> {
            Gauge.builder("wsroute.memory.budget.bytes", budget, MemoryBudget::capacity)
                    .description("Size of a memory budget shared by all connections")
                    .tag("budget", budget.name())
                    .register(registry);
            Gauge.builder("wsroute.memory.used.bytes", budget, MemoryBudget::used)
                    .description("Reserved bytes of a memory budget")
                    .tag("budget", budget.name())
                    .register(registry);
        });
        FunctionCounter.builder("wsroute.memory.evictions", memory, MemoryBudgets::evictions)
                .description("Connections reset to free memory for others")
                .register(registry);
    }

    /** Registers counters of contained errors. */
    public void watchFailures(Failures failures) {
        for (FailurePoint place : FailurePoint.values()) {
            FunctionCounter.builder("wsroute.contained.errors", failures, all -> all.count(place))
                    .description("Internal errors, each of which reset at most one connection, by place")
                    .tag("place", place.label())
                    .register(registry);
        }
    }

    /** Registers counters of lost log lines. */
    public void watchLogs(LogCounts counts) {
        logs.watch(counts);
    }

    /** Registers counters of the connections that the admin or probe port reset. */
    public void watchAdmin(String port, Drops drops) {
        AdminMeters.register(registry, port, drops);
    }

    /** The observer of shedding. */
    public ShedObserver shedding() {
        return shedding;
    }

    /** Numbers of connections waiting to be closed, by reason, without zeros. */
    public Map<String, Long> sheddingNow() {
        return shedding.waitingNow();
    }

    /** All metrics in Prometheus's text format. */
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
    public void accessReported(String route, RefusalReason reason) {
        refusals.reported(reason, route);
    }

    @Override
    public void authorizationChecked(
            String route,
            AuthorizationOutcome outcome,
            @Nullable String failure,
            AuthorizationSource source,
            long nanos) {
        authorizations.checked(route, outcome, failure, source, nanos);
    }

    @Override
    public void tlsEstablished(String listener, boolean resumed) {
        tls.established(listener, resumed);
    }

    @Override
    public void tlsFailed(TlsFailure reason) {
        tls.failed(reason);
    }

    /** Registers a gauge for each listener: when the first of its certificates expires. */
    public void certificates(Map<String, Instant> soonest) {
        tls.certificates(soonest);
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
    public void backendTlsEstablished(String route, String backend, boolean resumed) {
        backend(route, backend).tlsEstablished(resumed);
    }

    @Override
    public void backendTlsFailed(String route, String backend, BackendTlsFailure reason) {
        backend(route, backend).tlsFailed(reason);
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
    public void zoneChosen(String route, String backend, ZoneRelation zone) {
        backend(route, backend).zoneChosen(zone);
    }

    @Override
    public TunnelMeter tunnelOpened(String route, String backend, HandshakeTimes handshake) {
        BackendMeters meters = backend(route, backend);
        meters.opened(handshake);
        return new BackendTunnelMeter(meters, shedding);
    }

    /**
     * A configuration was applied.
     *
     * @param generation generation of its version; 0 for none
     * @param ignored number of unknown fields
     * @param served its backends; the series of others are removed
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
}
