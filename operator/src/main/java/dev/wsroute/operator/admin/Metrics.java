// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import dev.wsroute.admin.Drops;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.operator.jwks.FetchObserver;
import dev.wsroute.operator.scaling.ScalingObserver;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/** Metrics of reconciliations, API requests, dropped log lines and the JVM. */
public final class Metrics implements AutoCloseable {

    private static final String API_REQUESTS = "wsroute_operator_api_requests";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    /** @param streams that the log is written to */
    public Metrics(StandardStreams streams) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
        FunctionCounter.builder("wsroute.operator.log.dropped", streams, StandardStreams::dropped)
                .description("Log lines dropped because standard output was too slow or blocked")
                .register(registry);
        FunctionCounter.builder("wsroute.operator.log.write.errors", streams, StandardStreams::writeErrors)
                .description("Writes to standard output and standard error that failed")
                .register(registry);
    }

    /** Counts by kind of event and outcome, not by route: thousands of routes would make as many time series. */
    public io.javaoperatorsdk.operator.api.monitoring.Metrics ofReconciler() {
        return MicrometerMetrics.withoutPerResourceMetrics(registry);
    }

    /**
     * Counts changes of the number of a route's proxies by the operator's autoscaling, and the routes that it scales; like all
     * metrics here not by route.
     */
    public ScalingObserver ofScaling() {
        return new ScalingObserver() {
            @Override
            public void scaled(int from, int to) {
                registry.counter("wsroute_operator_autoscaling_changes", "direction", to > from ? "up" : "down")
                        .increment();
            }

            @Override
            public void watch(IntSupplier all, IntSupplier limited, IntSupplier stale) {
                gauge("wsroute_operator_autoscaling_routes", all, "Routes that the operator scales");
                gauge(
                        "wsroute_operator_autoscaling_limited_routes",
                        limited,
                        "Routes that would need more proxies than maxReplicas");
                gauge(
                        "wsroute_operator_autoscaling_stale_routes",
                        stale,
                        "Routes with autoscaling that have a proxy that does not report");
            }
        };
    }

    /** Counts fetches of key sets by outcome, and the sets. */
    public FetchObserver ofKeySets() {
        return new FetchObserver() {
            @Override
            public void fetched(Outcome outcome) {
                registry.counter(
                                "wsroute_operator_jwks_fetches",
                                "outcome",
                                outcome.name().toLowerCase(Locale.ROOT))
                        .increment();
            }

            @Override
            public void watch(IntSupplier all, IntSupplier failing) {
                gauge("wsroute_operator_jwks_sets", all, "Key sets that the operator fetches for routes");
                gauge(
                        "wsroute_operator_jwks_failing_sets",
                        failing,
                        "Key sets that the operator cannot fetch, whether a former one still counts or not");
            }
        };
    }

    private void gauge(String name, IntSupplier value, String description) {
        Gauge.builder(name, value::getAsInt).description(description).register(registry);
    }

    /**
     * Counts requests to the Kubernetes API as {@code wsroute_operator_api_requests_total}, by method and status code. In a
     * steady state only GETs and lease renewals increase it.
     */
    public Interceptor ofClient() {
        return new Interceptor() {
            @Override
            public void after(
                    HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
                registry.counter(API_REQUESTS, "method", request.method(), "code", Integer.toString(response.code()))
                        .increment();
            }
        };
    }

    /** Registers whether the limits of routes cannot be read as they are. */
    public void watchLimits(BooleanSupplier faulty) {
        Gauge.builder("wsroute_operator_limits_faulty", () -> faulty.getAsBoolean() ? 1 : 0)
                .description("1 while the ConfigMap with the limits of routes has faults")
                .register(registry);
    }

    /** Registers counters of connections that the admin port has reset. */
    void watchAdmin(Drops drops) {
        dropped("crowded_out", drops, Drops::evicted);
        dropped("too_slow", drops, Drops::tooSlow);
    }

    private void dropped(String reason, Drops drops, ToDoubleFunction<Drops> count) {
        FunctionCounter.builder("wsroute_operator_admin_connections_dropped", drops, count)
                .description("Connections to the admin port that were reset")
                .tag("reason", reason)
                .register(registry);
    }

    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
