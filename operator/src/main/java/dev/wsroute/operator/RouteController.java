// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.Caches;
import dev.wsroute.operator.jwks.KeySetSettings;
import dev.wsroute.operator.jwks.KeySetWatch;
import dev.wsroute.operator.limits.CurrentLimits;
import dev.wsroute.operator.policies.CurrentPolicies;
import dev.wsroute.operator.route.Autoscaler;
import dev.wsroute.operator.route.RouteReconciler;
import dev.wsroute.operator.route.RouteStatus;
import dev.wsroute.operator.scaling.ScalingObserver;
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
 * Registers the route reconciler with the framework, in the program and in its tests alike.
 *
 * @param client of the API; the caller closes it
 * @param metrics for the framework
 * @param scaling learns how routes are scaled
 * @param namespaces to watch; empty: all
 * @param proxyImage for routes that do not set one
 * @param limits of what routes may ask for
 * @param keySets how key sets are fetched
 * @param loopbackEndpoints whether pods have loopback addresses
 * @param leadership null: no leader election
 * @param leading whether this operator is the one that acts
 * @param stopping whether the process was asked to stop; true before the operator is stopped
 */
record RouteController(
        KubernetesClient client,
        Metrics metrics,
        ScalingObserver scaling,
        Set<String> namespaces,
        String proxyImage,
        CurrentLimits limits,
        KeySetSettings keySets,
        boolean loopbackEndpoints,
        @Nullable LeaderElectionConfiguration leadership,
        BooleanSupplier leading,
        BooleanSupplier stopping) {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    /**
     * Endpoints may change a hundred times a second, and their counts in the status are not urgent: a route is reconciled
     * this often within a period, and once more at its end. An edit takes three or four reconciliations.
     */
    private static final int MAX_RECONCILIATIONS = 4;

    private static final Duration RATE_PERIOD = Duration.ofMillis(200);

    /** A new operator, which can be started once. */
    Operator newOperator(Clock clock) {
        Operator operator = new Operator(this::configure);
        Autoscaler autoscaler = new Autoscaler(clock, scaling);
        CurrentPolicies policies = new CurrentPolicies();
        KeySetWatch watch = new KeySetWatch(keySets, clock, () -> leading.getAsBoolean() && !stopping.getAsBoolean());
        operator.register(
                new RouteReconciler(
                        proxyImage,
                        namespaces,
                        limits,
                        policies,
                        watch,
                        new RouteStatus(clock, loopbackEndpoints, autoscaler, policies, watch, stopping),
                        autoscaler,
                        clock,
                        leading,
                        stopping),
                this::watch);
        return operator;
    }

    private void configure(ConfigurationServiceOverrider configuration) {
        configuration
                .withKubernetesClient(client)
                .withMetrics(metrics)
                // Resource versions distinguish own writes from others', without an annotation on every object.
                .withPreviousAnnotationForDependentResources(false)
                // ConfigMaps too: an update would need one more permission, and would overwrite the proxies' keys.
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
        controller.withRateLimiter(new LinearRateLimiter(RATE_PERIOD, MAX_RECONCILIATIONS));
        controller.withInformerListLimit(Caches.PAGE);
        Caches.of(namespaces).storeOf(WebSocketRoute.class).ifPresent(controller::withItemStore);
        if (!namespaces.isEmpty()) {
            controller.settingNamespaces(namespaces);
        }
    }
}
