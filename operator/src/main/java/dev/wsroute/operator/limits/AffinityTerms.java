// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodAffinity;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an affinity says about nodes and about other pods. */
final class AffinityTerms {

    /** Every version writes it on the pods of a route. */
    private static final String ROUTE_LABEL = "wsroute.dev/route";

    private AffinityTerms() {}

    /** The keys of node labels and node fields that routes may not choose nodes by. */
    static Stream<String> nodeLabelsBeyond(Patterns allowed, Affinity affinity) {
        NodeAffinity nodes = affinity.getNodeAffinity();
        if (nodes == null) {
            return Stream.empty();
        }
        Stream<NodeSelectorTerm> required = nodes.getRequiredDuringSchedulingIgnoredDuringExecution() == null
                ? Stream.empty()
                : of(nodes.getRequiredDuringSchedulingIgnoredDuringExecution().getNodeSelectorTerms());
        Stream<NodeSelectorTerm> preferred = of(nodes.getPreferredDuringSchedulingIgnoredDuringExecution())
                .map(PreferredSchedulingTerm::getPreference);
        return Stream.concat(required, preferred)
                .filter(Objects::nonNull)
                .flatMap(term -> Stream.concat(of(term.getMatchExpressions()), of(term.getMatchFields())))
                .filter(requirement -> !isAllowed(allowed, requirement))
                .map(NodeSelectorRequirement::getKey);
    }

    private static boolean isAllowed(Patterns allowed, NodeSelectorRequirement requirement) {
        String key = requirement.getKey();
        return allowed.allow(key)
                || ("In".equals(requirement.getOperator())
                        && of(requirement.getValues()).allMatch(value -> allowed.allow(key, value)));
    }

    /** The node labels that say which nodes belong together when proxies are placed beside other pods. */
    static Stream<String> topologyKeys(Affinity affinity) {
        return attractions(affinity.getPodAffinity()).map(PodAffinityTerm::getTopologyKey);
    }

    static boolean concernOtherNamespaces(Affinity affinity) {
        return Stream.concat(
                        attractions(affinity.getPodAffinity()),
                        Stream.concat(
                                required(affinity.getPodAntiAffinity()), preferred(affinity.getPodAntiAffinity())))
                .anyMatch(
                        term -> of(term.getNamespaces()).findAny().isPresent() || term.getNamespaceSelector() != null);
    }

    /**
     * Whether a required anti-affinity concerns pods of others. The scheduler treats it as mutual: where such a proxy runs, no pod
     * that it names can start.
     */
    static boolean keepOtherPodsAway(String route, Affinity affinity) {
        return required(affinity.getPodAntiAffinity())
                .anyMatch(term -> !route.equals(labels(term.getLabelSelector()).get(ROUTE_LABEL)));
    }

    private static Map<String, String> labels(@Nullable LabelSelector selector) {
        return selector == null || selector.getMatchLabels() == null ? Map.of() : selector.getMatchLabels();
    }

    private static Stream<PodAffinityTerm> attractions(@Nullable PodAffinity affinity) {
        return affinity == null
                ? Stream.empty()
                : Stream.concat(
                        of(affinity.getRequiredDuringSchedulingIgnoredDuringExecution()),
                        terms(affinity.getPreferredDuringSchedulingIgnoredDuringExecution()));
    }

    private static Stream<PodAffinityTerm> required(@Nullable PodAntiAffinity affinity) {
        return affinity == null ? Stream.empty() : of(affinity.getRequiredDuringSchedulingIgnoredDuringExecution());
    }

    private static Stream<PodAffinityTerm> preferred(@Nullable PodAntiAffinity affinity) {
        return affinity == null ? Stream.empty() : terms(affinity.getPreferredDuringSchedulingIgnoredDuringExecution());
    }

    private static Stream<PodAffinityTerm> terms(@Nullable List<WeightedPodAffinityTerm> weighted) {
        return of(weighted).map(WeightedPodAffinityTerm::getPodAffinityTerm).filter(Objects::nonNull);
    }

    private static <T> Stream<T> of(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
