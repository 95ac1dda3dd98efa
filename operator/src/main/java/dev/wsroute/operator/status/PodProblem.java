// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why pods of the proxies cannot be created, scheduled or started, as reported by Kubernetes. It stays the same while a pod
 * alternates between attempts and back-off.
 *
 * @param reason Kubernetes' reason, in CamelCase
 * @param cause a clause without a full stop
 */
record PodProblem(String reason, String cause) {

    /** The format that the API requires of a condition's reason: anything else would make the status invalid. */
    private static final Pattern REASON = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

    /** Why {@code deployment} cannot create its pods, or else why these do not run. */
    static Optional<PodProblem> of(Deployment deployment, Supplier<List<Pod>> pods) {
        return creation(deployment)
                .or(() -> updated(deployment) == 0
                        // All existing pods belong to an earlier revision, which an edit may just have fixed.
                        ? Optional.empty()
                        : PodDiagnosis.of(deployment.getMetadata().getName(), pods.get()));
    }

    static PodProblem of(@Nullable String reason, String otherwise, String what, @Nullable String message) {
        String text = OneLine.of(message);
        return new PodProblem(
                reason != null && REASON.matcher(reason).matches() ? reason : otherwise,
                text.isEmpty() ? what : what + ": " + text);
    }

    private static int updated(Deployment deployment) {
        return RolloutProgress.number(deployment.getStatus().getUpdatedReplicas());
    }

    /** A quota, a missing priority class, Pod Security or an admission webhook. */
    private static Optional<PodProblem> creation(Deployment deployment) {
        return deployment.getStatus().getConditions().stream()
                .filter(PodProblem::refusesCreation)
                .findFirst()
                .map(condition -> of(
                        condition.getReason(),
                        "ReplicaFailure",
                        "not all pods of Deployment " + deployment.getMetadata().getName() + " can be created",
                        condition.getMessage()));
    }

    private static boolean refusesCreation(DeploymentCondition condition) {
        return switch (condition.getType()) {
            case "ReplicaFailure" -> "True".equals(condition.getStatus());
            case "Progressing" ->
                "False".equals(condition.getStatus()) && "ReplicaSetCreateError".equals(condition.getReason());
            default -> false;
        };
    }
}
