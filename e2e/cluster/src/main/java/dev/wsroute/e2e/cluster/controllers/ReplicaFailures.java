// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The conditions of ReplicaSets and Deployments about pods that may not be created. Pure. */
final class ReplicaFailures {

    static final String TYPE = "ReplicaFailure";

    private ReplicaFailures() {}

    /** The conditions of a ReplicaSet. A continuing failure keeps the message of its first refusal. */
    static List<ReplicaSetCondition> of(
            ReplicaSetStatus before, @Nullable KubernetesClientException refusal, Instant now) {
        List<ReplicaSetCondition> conditions = new ArrayList<>(before.getConditions());
        if (refusal == null) {
            conditions.removeIf(condition -> TYPE.equals(condition.getType()));
        } else if (conditions.stream().noneMatch(condition -> TYPE.equals(condition.getType()))) {
            conditions.add(new ReplicaSetConditionBuilder()
                    .withType(TYPE)
                    .withStatus("True")
                    .withReason("FailedCreate")
                    .withMessage(message(refusal))
                    .withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).toString())
                    .build());
        }
        return conditions;
    }

    private static String message(KubernetesClientException refusal) {
        return Optional.ofNullable(refusal.getStatus())
                .map(Status::getMessage)
                .orElseGet(() -> String.valueOf(refusal.getMessage()));
    }

    /** The failure of a Deployment: that of the current ReplicaSet if it has one. */
    static Optional<ReplicaSetCondition> of(Optional<ReplicaSet> current, List<ReplicaSet> all) {
        return Stream.concat(current.stream(), all.stream())
                .filter(set -> set.getStatus() != null)
                .flatMap(set -> set.getStatus().getConditions().stream())
                .filter(condition -> TYPE.equals(condition.getType()))
                .findFirst();
    }
}
