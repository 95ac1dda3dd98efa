// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static dev.wsroute.operator.status.RolloutProgress.number;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Backend;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Proxies;
import dev.wsroute.config.UsableEndpoints;
import dev.wsroute.operator.compile.BackendTarget;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.jwks.PublishedSets;
import dev.wsroute.operator.resources.Labels;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.ProxyModel;
import dev.wsroute.operator.scaling.Scaling;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds the whole status of a route from the outcome of the reconciliation and the observed objects. */
public final class StatusFactory {

    private final Clock clock;
    private final Conditions conditions;
    private final boolean loopbackEndpoints;

    /** @param loopbackEndpoints whether proxies connect to loopback addresses */
    public StatusFactory(Clock clock, boolean loopbackEndpoints) {
        this.clock = clock;
        this.loopbackEndpoints = loopbackEndpoints;
        this.conditions = new Conditions(clock);
    }

    /** The new status of {@code route}, which the operator does not scale. */
    WebSocketRouteStatus of(WebSocketRoute route, Compilation compilation, ApplyOutcome outcome, Observation observed) {
        return of(route, compilation, outcome, observed, null, Map.of(), List.of());
    }

    /**
     * The new status of {@code route}.
     *
     * @param scaling null if the operator does not scale the route
     * @param policies the rules of the route whose access a policy says, by the name of the policy
     * @param keySets those of its key sets that have a problem
     */
    public WebSocketRouteStatus of(
            WebSocketRoute route,
            Compilation compilation,
            ApplyOutcome outcome,
            Observation observed,
            @Nullable Scaling scaling,
            Map<String, List<String>> policies,
            List<PublishedSets.Problem> keySets) {
        long generation = Objects.requireNonNullElse(route.getMetadata().getGeneration(), 0L);
        int desired = scaling != null
                ? scaling.desired()
                : ProxyModel.replicas(
                        route.getSpec() == null ? null : route.getSpec().proxy());
        Map<BackendTarget, BackendEndpoints> endpoints = endpoints(route, compilation, observed);
        ProxyReports reports =
                ProxyReports.in(observed, OwnedNames.proxy(route.getMetadata().getName()), desired);
        ProxyCounts counts = ProxyCounts.of(compilation, desired, observed, reports);
        List<ConditionValue> values = new ArrayList<>(new RouteConditions(
                        compilation,
                        outcome,
                        reports,
                        counts,
                        endpoints,
                        CertificateHealth.of(compilation, reports, clock.instant()),
                        keySets,
                        RolloutProgress.pending(observed.deployment(), desired, observed.pods()))
                .all());
        if (scaling != null) {
            values.addAll(ScalingConditions.of(scaling, route));
        }
        policyAffected(policies).ifPresent(values::add);
        return new WebSocketRouteStatus(
                generation,
                conditions.of(values, generation, before(route)),
                new Proxies(desired, counts.ready(), counts.programmed(), counts.ready() + "/" + desired),
                observed.deployment() == null || observed.deployment().getStatus() == null
                        ? Integer.valueOf(0)
                        : Integer.valueOf(
                                number(observed.deployment().getStatus().getReplicas())),
                selector(route),
                readyPods(endpoints),
                byName(endpoints).entrySet().stream()
                        .map(e -> new Backend(
                                e.getKey(), e.getValue().ready(), e.getValue().terminating()))
                        .toList(),
                Addresses.of(observed.service()));
    }

    private static Optional<ConditionValue> policyAffected(Map<String, List<String>> policies) {
        return policies.isEmpty()
                ? Optional.empty()
                : Optional.of(ConditionValue.yes(
                        ConditionType.PolicyAffected,
                        "PolicyAffected",
                        policies.entrySet().stream()
                                .map(policy -> "WebSocketPolicy " + policy.getKey() + " says who may connect to: "
                                        + String.join(", ", policy.getValue()) + ".")
                                .collect(Collectors.joining(" "))));
    }

    static List<Condition> before(WebSocketRoute route) {
        return Optional.ofNullable(route.getStatus())
                .map(WebSocketRouteStatus::conditions)
                .orElse(List.of());
    }

    private Map<BackendTarget, BackendEndpoints> endpoints(
            WebSocketRoute route, Compilation compilation, Observation observed) {
        Map<BackendTarget, BackendEndpoints> counted = new LinkedHashMap<>();
        if (compilation instanceof Compiled compiled) {
            UsableEndpoints usable = UsableEndpoints.outsideOf(
                    OwnedNames.proxy(route.getMetadata().getName()),
                    ReadSlice.of(observed.proxies()),
                    loopbackEndpoints);
            for (BackendTarget target : compiled.backends()) {
                counted.put(
                        target,
                        BackendEndpoints.count(observed.slices().apply(target.service()), target.portName(), usable));
            }
        }
        return counted;
    }

    /** How many pods are ready; a pod of several backends is counted once. */
    private static int readyPods(Map<BackendTarget, BackendEndpoints> endpoints) {
        return (int) endpoints.values().stream()
                .flatMap(backend -> backend.readyIds().stream())
                .distinct()
                .count();
    }

    /** A backend of several rules is listed once. */
    private static Map<String, BackendEndpoints> byName(Map<BackendTarget, BackendEndpoints> endpoints) {
        Map<String, BackendEndpoints> named = new LinkedHashMap<>();
        endpoints.forEach((target, count) -> named.putIfAbsent(target.name(), count));
        return named;
    }

    private static String selector(WebSocketRoute route) {
        return Labels.proxySelector(route.getMetadata().getName()).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }
}
