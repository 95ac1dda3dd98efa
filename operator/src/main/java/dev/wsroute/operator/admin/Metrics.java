package dev.wsroute.operator.admin;

import dev.wsroute.admin.Drops;
import dev.wsroute.logging.StandardStreams;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the operator counts: reconciliations, their failures and durations, and the JVM. */
public final class Metrics implements AutoCloseable {

    private static final String API_REQUESTS = "wsroute_operator_api_requests";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    /** @param streams where the operator's log goes */
    public Metrics(StandardStreams streams) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
        FunctionCounter.builder("wsroute.operator.log.dropped", streams, StandardStreams::dropped)
                .description("Lines of the operator's log dropped because standard output was too slow or blocked")
                .register(registry);
        FunctionCounter.builder("wsroute.operator.log.write.errors", streams, StandardStreams::writeErrors)
                .description("Writes to standard output and standard error that failed")
                .register(registry);
    }

    /** Counts by kind of event and outcome, not by route: thousands of routes are no reason for as many series. */
    public io.javaoperatorsdk.operator.api.monitoring.Metrics ofReconciler() {
        return MicrometerMetrics.withoutPerResourceMetrics(registry);
    }

    /**
     * Counts the requests to the Kubernetes API as {@code wsroute_operator_api_requests_total}, by method and code: in a
     * steady state nothing but GET moves, and the renewals of the lease.
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

    /** Shows which connections the admin port has reset. */
    void watchAdmin(Drops drops) {
        dropped("crowded_out", drops, Drops::crowdedOut);
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
