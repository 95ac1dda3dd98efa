// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Properties of pods that controllers need. */
final class Pods {

    private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

    /** The order in which surplus pods are deleted: first those that serve least, then by their cost, then the youngest. */
    static final Comparator<Pod> DISPENSABLE_FIRST = Comparator.<Pod, Boolean>comparing(
                    pod -> pod.getSpec().getNodeName() != null)
            .thenComparing(pod -> !"Pending".equals(phase(pod)))
            .thenComparing(Pods::isReady)
            .thenComparing(Pods::deletionCost)
            .thenComparing(pod -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder());

    private Pods() {}

    static String phase(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getPhase() == null
                ? "Pending"
                : pod.getStatus().getPhase();
    }

    static boolean isFinished(Pod pod) {
        return FINISHED.contains(phase(pod));
    }

    static boolean isTerminating(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** Whether the pod counts as a replica. */
    static boolean isActive(Pod pod) {
        return !isFinished(pod) && !isTerminating(pod);
    }

    static boolean isReady(Pod pod) {
        return readyCondition(pod)
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }

    private static Optional<PodCondition> readyCondition(Pod pod) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> "Ready".equals(condition.getType()))
                        .findFirst();
    }

    private static int deletionCost(Pod pod) {
        String cost = pod.getMetadata().getAnnotations().get("controller.kubernetes.io/pod-deletion-cost");
        return cost == null ? 0 : Integer.parseInt(cost);
    }

    /**
     * How long the pod must remain ready until it counts as available: zero if it is available, empty if it is not ready.
     */
    static Optional<Duration> untilAvailable(Pod pod, Duration minReady, Instant now) {
        if (!isReady(pod)) {
            return Optional.empty();
        }
        if (minReady.isZero()) {
            return Optional.of(Duration.ZERO);
        }
        Duration left = readyCondition(pod)
                .map(condition -> Duration.between(
                        now, Instant.parse(condition.getLastTransitionTime()).plus(minReady)))
                .orElse(minReady);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }
}
