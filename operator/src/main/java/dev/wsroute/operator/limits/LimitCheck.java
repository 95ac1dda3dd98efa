// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.ProxySpec.ServiceSpec;
import dev.wsroute.logging.Printable;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares a route with the limits. Each method has its counterpart, with the same sentence, in the policy in
 * deploy/kustomize/limits-policy; {@code LimitsVerdictTest} compares them.
 */
final class LimitCheck {

    /** In characters; names in Kubernetes are shorter. */
    private static final int MAX_VALUE = 1024;

    private final RouteLimits limits;
    private final String source;
    private final List<String> problems = new ArrayList<>();

    private LimitCheck(RouteLimits limits, String source) {
        this.limits = limits;
        this.source = source;
    }

    /**
     * @param route name of the route
     * @param source where the administrator sets the limits, such as {@code ConfigMap wsroute-system/wsroute-limits}
     * @return one sentence for each field beyond the limits, without a full stop
     */
    static List<String> problems(String route, ProxySpec proxy, RouteLimits limits, String source) {
        LimitCheck check = new LimitCheck(limits, source);
        check.image(proxy.image());
        check.replicas(proxy);
        check.service(proxy.service());
        check.pairs("podLabels", proxy.podLabels(), limits.podLabels(), Setting.podLabels, LimitCheck::pair);
        check.pairs(
                "podAnnotations", proxy.podAnnotations(), limits.podAnnotations(), Setting.podAnnotations, (k, v) -> k);
        check.priorityClass(proxy.priorityClassName());
        check.tolerations(proxy.tolerations());
        check.pairs("nodeSelector", proxy.nodeSelector(), limits.nodeLabels(), Setting.nodeLabels, LimitCheck::pair);
        check.spread(proxy.topologySpreadConstraints());
        check.affinity(route, proxy);
        check.resources(proxy.resources());
        check.drain(proxy.drain());
        return check.problems;
    }

    private void image(@Nullable String image) {
        if (image != null && !limits.images().allow(image)) {
            add("image", "be " + image, Setting.images, limits.images());
        }
    }

    /** With {@code autoscaling}, {@code replicas} has no meaning but may have its default. */
    private void replicas(ProxySpec proxy) {
        if (proxy.autoscaling() != null) {
            replicas("autoscaling.maxReplicas", proxy.autoscaling().maxReplicas());
        } else if (proxy.replicas() != null) {
            replicas("replicas", proxy.replicas());
        }
    }

    private void replicas(String field, int replicas) {
        if (replicas > limits.maxReplicas()) {
            add(field, "be " + replicas, Setting.maxReplicas, "at most " + limits.maxReplicas());
        }
    }

    private void service(@Nullable ServiceSpec service) {
        if (service == null) {
            return;
        }
        if (service.type() != null
                && !limits.serviceTypes().allow(service.type().name())) {
            add("service.type", "be " + service.type(), Setting.serviceTypes, limits.serviceTypes());
        }
        pairs(
                "service.annotations",
                service.annotations(),
                limits.serviceAnnotations(),
                Setting.serviceAnnotations,
                (k, v) -> k);
    }

    /** @param words how the sentence names a pair */
    private void pairs(
            String field,
            @Nullable Map<String, String> pairs,
            Patterns allowed,
            Setting setting,
            BiFunction<String, String, String> words) {
        if (pairs != null) {
            first(pairs.entrySet().stream()
                            .filter(pair -> !allowed.allow(pair.getKey(), pair.getValue()))
                            .map(pair -> words.apply(pair.getKey(), pair.getValue())))
                    .ifPresent(pair -> add(field, "have " + pair, setting, allowed));
        }
    }

    private void priorityClass(@Nullable String name) {
        if (name != null && !limits.priorityClasses().allow(name)) {
            add("priorityClassName", "be " + name, Setting.priorityClasses, limits.priorityClasses());
        }
    }

    private void tolerations(@Nullable List<Toleration> tolerations) {
        if (tolerations != null) {
            first(tolerations.stream()
                            .filter(toleration -> !isAllowed(toleration))
                            .map(LimitCheck::text))
                    .ifPresent(text -> add("tolerations", "have " + text, Setting.tolerations, limits.tolerations()));
        }
    }

    private boolean isAllowed(Toleration toleration) {
        return (hasKey(toleration) && limits.tolerations().allow(toleration.getKey()))
                || limits.tolerations().allow(text(toleration));
    }

    /** One without a key tolerates every taint. */
    private static String text(Toleration toleration) {
        if (!hasKey(toleration)) {
            return "*";
        }
        return "Exists".equals(toleration.getOperator())
                ? toleration.getKey()
                : pair(toleration.getKey(), Objects.requireNonNullElse(toleration.getValue(), ""));
    }

    private static boolean hasKey(Toleration toleration) {
        return toleration.getKey() != null && !toleration.getKey().isEmpty();
    }

    private void spread(@Nullable List<TopologySpreadConstraint> constraints) {
        if (constraints != null) {
            first(TopologyKeys.beyond(
                            limits.nodeLabels(), constraints.stream().map(TopologySpreadConstraint::getTopologyKey)))
                    .ifPresent(key ->
                            add("topologySpreadConstraints", "use " + key, Setting.nodeLabels, limits.nodeLabels()));
        }
    }

    private void affinity(String route, ProxySpec proxy) {
        if (proxy.affinity() == null) {
            return;
        }
        first(AffinityTerms.nodeLabelsBeyond(limits.nodeLabels(), proxy.affinity()))
                .ifPresent(key -> add("affinity.nodeAffinity", "use " + key, Setting.nodeLabels, limits.nodeLabels()));
        first(TopologyKeys.beyond(limits.nodeLabels(), AffinityTerms.topologyKeys(proxy.affinity())))
                .ifPresent(key -> add("affinity.podAffinity", "use " + key, Setting.nodeLabels, limits.nodeLabels()));
        if (limits.anyPodAffinity()) {
            return;
        }
        if (AffinityTerms.concernOtherNamespaces(proxy.affinity())) {
            add("affinity", "concern pods of other namespaces", Setting.podAffinity, "Restricted");
        }
        if (AffinityTerms.keepOtherPodsAway(route, proxy.affinity())) {
            add(
                    "affinity.podAntiAffinity",
                    "require distance from pods without the label wsroute.dev/route=" + route + " in matchLabels",
                    Setting.podAffinity,
                    "Restricted");
        }
    }

    private void resources(@Nullable ResourceRequirements resources) {
        if (resources == null) {
            return;
        }
        Map<String, Quantity> most = Objects.requireNonNullElse(resources.getLimits(), Map.of());
        Map<String, Quantity> requests = Objects.requireNonNullElse(resources.getRequests(), Map.of());
        first(beyond("limits.", most))
                .or(() -> first(beyond("requests.", requests)))
                .ifPresent(pair -> add("resources", "have " + pair, Setting.maxResources, limits.maxResources()));
        if (!Maxima.isLimit(most.get("memory")) && !limits.maxResources().allowAny("memory")) {
            add("resources", "lack limits.memory", Setting.maxResources, limits.maxResources());
        }
    }

    private Stream<String> beyond(String prefix, Map<String, Quantity> amounts) {
        return amounts.entrySet().stream()
                .filter(amount -> !limits.maxResources().allow(amount.getKey(), amount.getValue()))
                .map(amount -> prefix + pair(amount.getKey(), amount.getValue().toString()));
    }

    private void drain(ProxySpec.@Nullable ProxyDrainSpec drain) {
        if (drain != null) {
            period("drain.delay", drain.delay());
            period("drain.over", drain.over());
            period("drain.closeTimeout", drain.closeTimeout());
        }
    }

    private void period(String field, @Nullable String period) {
        if (period != null && !limits.maxDrain().allows(period)) {
            add(
                    field,
                    "be " + period,
                    Setting.maxDrain,
                    "at most " + limits.maxDrain().text());
        }
    }

    private static String pair(String key, String value) {
        return key + "=" + value;
    }

    /** The same one whatever the order of a map. */
    private static Optional<String> first(Stream<String> values) {
        return values.min(String::compareTo);
    }

    private void add(String field, String verb, Setting setting, Object allowed) {
        problems.add("spec.proxy." + field + " must not " + Printable.of(verb, MAX_VALUE) + ": " + setting + " in "
                + source + " allows " + Printable.of(String.valueOf(allowed), MAX_VALUE));
    }
}
