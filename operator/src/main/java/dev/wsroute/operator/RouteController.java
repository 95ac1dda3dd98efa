package dev.wsroute.operator;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.Caches;
import dev.wsroute.operator.route.RouteReconciler;
import dev.wsroute.operator.route.RouteStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the framework runs the reconciler of routes: the same in the program and in its tests.
 *
 * @param client of the API; stays the caller's
 * @param metrics that the framework reports to
 * @param namespaces that are watched; empty: all
 * @param proxyImage of routes that name none
 * @param loopbackEndpoints whether pods have loopback addresses
 * @param leadership null: this operator acts without asking others
 * @param stopping whether the program was told to stop; true before the operator is stopped
 */
record RouteController(
        KubernetesClient client,
        Metrics metrics,
        Set<String> namespaces,
        String proxyImage,
        boolean loopbackEndpoints,
        @Nullable LeaderElectionConfiguration leadership,
        BooleanSupplier stopping) {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    /**
     * Endpoints may change a hundred times a second, and nobody waits for what the status says of them: a route is looked
     * at this often in a period and then again at its end. An edit takes three or four looks.
     */
    private static final int LOOKS = 4;

    private static final Duration LOOKS_PERIOD = Duration.ofMillis(200);

    /** An operator that has not been started. It can be started once. */
    Operator newOperator(Clock clock) {
        Operator operator = new Operator(this::configure);
        operator.register(
                new RouteReconciler(proxyImage, new RouteStatus(clock, loopbackEndpoints, stopping), clock, stopping),
                this::watch);
        return operator;
    }

    private void configure(ConfigurationServiceOverrider configuration) {
        configuration
                .withKubernetesClient(client)
                .withMetrics(metrics)
                // Own writes are told from others' by resource versions, without an annotation on every object.
                .withPreviousAnnotationForDependentResources(false)
                // ConfigMaps too: an update would need one more permission, and take the proxies' keys along.
                .withDefaultNonSSAResource(Set.of())
                .withParseResourceVersions(true)
                .withReconciliationTerminationTimeout(STOP_PATIENCE)
                .withCloseClientOnStop(false);
        if (leadership != null) {
            configuration.withLeaderElectionConfiguration(leadership);
        }
    }

    private void watch(ControllerConfigurationOverrider<WebSocketRoute> controller) {
        controller.withRetry(new GenericRetry()
                .setInitialInterval(FIRST_RETRY)
                .setIntervalMultiplier(2)
                .setMaxInterval(LAST_RETRY.toMillis())
                .withoutMaxAttempts());
        controller.withRateLimiter(new LinearRateLimiter(LOOKS_PERIOD, LOOKS));
        controller.withInformerListLimit(Caches.PAGE);
        Caches.of(namespaces).storeOf(WebSocketRoute.class).ifPresent(controller::withItemStore);
        if (!namespaces.isEmpty()) {
            controller.settingNamespaces(namespaces);
        }
    }
}
