// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pod fits on the only node, with the messages of Kubernetes' scheduler. Requests of other pods do not count: they
 * are processes on one machine, and tests run far more of them than a node would accept. Pure.
 */
final class Scheduling {

    private static final String NOBODY_TO_PREEMPT =
            " preemption: 0/1 nodes are available: 1 Preemption is not helpful for" + " scheduling.";

    private Scheduling() {}

    /** Why it does not fit; empty if it does. */
    static Optional<String> obstacle(Pod pod, String node) {
        Map<String, String> wanted = Objects.requireNonNullElse(pod.getSpec().getNodeSelector(), Map.of());
        if (!NodeObject.labels(node).entrySet().containsAll(wanted.entrySet())) {
            return Optional.of(none("1 node(s) didn't match Pod's node affinity/selector"));
        }
        return NodeObject.capacity().entrySet().stream()
                .filter(capacity -> requests(pod, capacity.getKey()).compareTo(amount(capacity.getValue())) > 0)
                .map(capacity -> none("1 Insufficient " + capacity.getKey()))
                .sorted()
                .findFirst();
    }

    private static String none(String why) {
        return "0/1 nodes are available: " + why + "." + NOBODY_TO_PREEMPT;
    }

    private static BigDecimal requests(Pod pod, String resource) {
        return pod.getSpec().getContainers().stream()
                .map(container -> request(container, resource))
                .filter(Objects::nonNull)
                .map(Scheduling::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static @Nullable Quantity request(Container container, String resource) {
        return container.getResources() == null || container.getResources().getRequests() == null
                ? null
                : container.getResources().getRequests().get(resource);
    }

    private static BigDecimal amount(Quantity quantity) {
        return quantity.getNumericalAmount();
    }

    /** The status of a pod that waits for a node. */
    static PodStatus unschedulable(@Nullable PodStatus before, String message, Instant now) {
        PodStatus from = before == null ? new PodStatus() : before;
        String since = from.getConditions().stream()
                .filter(condition -> "PodScheduled".equals(condition.getType()))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new PodStatusBuilder(from)
                .withPhase("Pending")
                .withConditions(new PodConditionBuilder()
                        .withType("PodScheduled")
                        .withStatus("False")
                        .withReason("Unschedulable")
                        .withMessage(message)
                        .withLastTransitionTime(since)
                        .build())
                .build();
    }
}
