// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The status of a Deployment from its ReplicaSets, as {@code kubectl rollout status} reads it. Pure. */
final class DeploymentStatuses {

    private static final String AVAILABLE = "Available";
    private static final String PROGRESSING = "Progressing";
    private static final String DONE = "NewReplicaSetAvailable";
    private static final String LATE = "ProgressDeadlineExceeded";
    private static final int DEFAULT_DEADLINE_SECONDS = 600;

    private DeploymentStatuses() {}

    /** @param current the ReplicaSet with the current template, if it exists yet */
    static DeploymentStatus of(Deployment deployment, Optional<ReplicaSet> current, List<ReplicaSet> all, Instant now) {
        DeploymentRollout rollout = DeploymentRollout.of(deployment);
        int available = sum(all, ReplicaSetStatus::getAvailableReplicas);
        int wanted = all.stream().mapToInt(DeploymentRollout::replicas).sum();
        int replicas = sum(all, ReplicaSetStatus::getReplicas);
        int updated =
                current.map(set -> count(set, ReplicaSetStatus::getReplicas)).orElse(0);
        DeploymentStatus before = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        DeploymentStatus counted = new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withCollisionCount(before.getCollisionCount())
                .withReplicas(orAbsent(replicas))
                .withUpdatedReplicas(orAbsent(updated))
                .withReadyReplicas(orAbsent(sum(all, ReplicaSetStatus::getReadyReplicas)))
                .withAvailableReplicas(orAbsent(available))
                .withUnavailableReplicas(orAbsent(Math.max(0, wanted - available)))
                .build();
        boolean complete = updated == rollout.replicas() && replicas == updated && available == updated;
        List<DeploymentCondition> conditions = new ArrayList<>();
        conditions.add(
                available >= rollout.replicas() - rollout.maxUnavailable()
                        ? condition(
                                before,
                                AVAILABLE,
                                "True",
                                "MinimumReplicasAvailable",
                                "Deployment has minimum availability.",
                                false,
                                now)
                        : condition(
                                before,
                                AVAILABLE,
                                "False",
                                "MinimumReplicasUnavailable",
                                "Deployment does not have minimum availability.",
                                false,
                                now));
        conditions.add(progress(deployment, before, counted, current, complete, now));
        ReplicaFailures.of(current, all)
                .ifPresent(failure -> conditions.add(condition(
                        before,
                        ReplicaFailures.TYPE,
                        failure.getStatus(),
                        failure.getReason(),
                        failure.getMessage(),
                        false,
                        now)));
        counted.setConditions(conditions);
        return counted;
    }

    private static DeploymentCondition progress(
            Deployment deployment,
            DeploymentStatus before,
            DeploymentStatus counted,
            Optional<ReplicaSet> current,
            boolean complete,
            Instant now) {
        String set = current.map(found -> found.getMetadata().getName()).orElse("");
        if (complete && current.isPresent()) {
            return condition(
                    before,
                    PROGRESSING,
                    "True",
                    DONE,
                    "ReplicaSet \"" + set + "\" has successfully progressed.",
                    false,
                    now);
        }
        Optional<DeploymentCondition> last = find(before, PROGRESSING);
        boolean sameTemplate = last.isPresent() && last.get().getMessage().contains("\"" + set + "\"");
        if (sameTemplate && DONE.equals(last.get().getReason())) {
            // Scaling or losing a pod is not a roll-out: the last one remains complete.
            return last.get();
        }
        boolean moved = !Objects.equals(before.getUpdatedReplicas(), counted.getUpdatedReplicas())
                || !Objects.equals(before.getReadyReplicas(), counted.getReadyReplicas())
                || !Objects.equals(before.getAvailableReplicas(), counted.getAvailableReplicas())
                || !Objects.equals(before.getReplicas(), counted.getReplicas());
        if (sameTemplate && !moved && (LATE.equals(last.get().getReason()) || isLate(deployment, last.get(), now))) {
            return condition(
                    before,
                    PROGRESSING,
                    "False",
                    LATE,
                    "ReplicaSet \"" + set + "\" has timed out progressing.",
                    false,
                    now);
        }
        return condition(
                before,
                PROGRESSING,
                "True",
                "ReplicaSetUpdated",
                "ReplicaSet \"" + set + "\" is progressing.",
                moved,
                now);
    }

    private static boolean isLate(Deployment deployment, DeploymentCondition last, Instant now) {
        Duration left = left(deployment, last, now);
        return left.isZero() || left.isNegative();
    }

    private static Duration left(Deployment deployment, DeploymentCondition last, Instant now) {
        int seconds =
                Objects.requireNonNullElse(deployment.getSpec().getProgressDeadlineSeconds(), DEFAULT_DEADLINE_SECONDS);
        return Duration.between(now, Instant.parse(last.getLastUpdateTime()).plusSeconds(seconds));
    }

    /** The remaining time that the current roll-out may take without progress; empty if there is none. */
    static Optional<Duration> untilDeadline(Deployment deployment, Instant now) {
        return find(deployment.getStatus(), PROGRESSING)
                .filter(condition -> "ReplicaSetUpdated".equals(condition.getReason()))
                .map(condition -> left(deployment, condition, now))
                .filter(left -> !left.isNegative());
    }

    private static DeploymentCondition condition(
            DeploymentStatus before,
            String type,
            String status,
            String reason,
            String message,
            boolean touched,
            Instant now) {
        Optional<DeploymentCondition> last = find(before, type);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        boolean sameStatus = last.isPresent() && last.get().getStatus().equals(status);
        boolean same = sameStatus
                && last.get().getReason().equals(reason)
                && last.get().getMessage().equals(message)
                && !touched;
        return new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(sameStatus ? last.get().getLastTransitionTime() : time)
                .withLastUpdateTime(same ? last.get().getLastUpdateTime() : time)
                .build();
    }

    private static Optional<DeploymentCondition> find(DeploymentStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private static int sum(List<ReplicaSet> sets, Function<ReplicaSetStatus, @Nullable Integer> field) {
        return sets.stream().mapToInt(set -> count(set, field)).sum();
    }

    private static int count(ReplicaSet set, Function<ReplicaSetStatus, @Nullable Integer> field) {
        @Nullable Integer value = set.getStatus() == null ? null : field.apply(set.getStatus());
        return value == null ? 0 : value;
    }

    /** Kubernetes omits a count of zero. */
    private static @Nullable Integer orAbsent(int count) {
        return count == 0 ? null : count;
    }
}
