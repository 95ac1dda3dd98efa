// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Progress of a Deployment's roll-out, by the logic of {@code kubectl rollout status}. */
public final class RolloutProgress {

    private RolloutProgress() {}

    /**
     * An incomplete roll-out.
     *
     * @param reason of the condition, in CamelCase
     * @param sentence what the roll-out waits for
     * @param problem a clause that says why the roll-out is stuck; empty if it is not
     */
    public record Pending(String reason, String sentence, String problem) {}

    /**
     * What the roll-out waits for; empty if it is complete.
     *
     * @param pods that may belong to the Deployment; looked up only while the roll-out is incomplete
     */
    public static Optional<Pending> pending(@Nullable Deployment deployment, int desired, Supplier<List<Pod>> pods) {
        if (deployment == null || deployment.getStatus() == null) {
            return rolling("The Deployment of the proxies does not exist yet.");
        }
        DeploymentStatus status = deployment.getStatus();
        long observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
        if (observed < Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L)) {
            return rolling("The Deployment controller has not observed the latest change of the proxies yet.");
        }
        Optional<Pending> missing = deadlineExceeded(status) ? late(deployment, desired) : missing(status, desired);
        return missing.map(pending -> PodProblem.of(deployment, pods)
                .map(problem -> new Pending(
                        problem.reason(),
                        "The roll-out of the proxies is stuck: " + problem.cause() + ".",
                        problem.cause()))
                .orElse(pending));
    }

    /** Whether no proxy of an earlier revision is left: those that are missing have not started, or cannot. */
    public static boolean isOfOneRevision(@Nullable Deployment deployment) {
        if (deployment == null || deployment.getStatus() == null) {
            return false;
        }
        DeploymentStatus status = deployment.getStatus();
        return Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
                        >= Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L)
                && number(status.getReplicas()) == number(status.getUpdatedReplicas());
    }

    private static Optional<Pending> late(Deployment deployment, int desired) {
        String check =
                "check the pods of Deployment " + deployment.getMetadata().getName();
        return Optional.of(new Pending(
                "ProgressDeadlineExceeded",
                "The roll-out of the proxies is making no progress: "
                        + number(deployment.getStatus().getReadyReplicas()) + " of " + desired + " proxies are ready; "
                        + check
                        + ".",
                "the roll-out is making no progress; " + check));
    }

    private static Optional<Pending> missing(DeploymentStatus status, int desired) {
        int updated = number(status.getUpdatedReplicas());
        if (updated < desired) {
            return rolling(updated + " of " + desired + " proxies run the current revision.");
        }
        if (number(status.getReplicas()) > updated) {
            return rolling(
                    (number(status.getReplicas()) - updated) + " proxies of an earlier revision have not ended yet.");
        }
        int available = number(status.getAvailableReplicas());
        return available < updated
                ? rolling(available + " of " + updated + " proxies are available.")
                : Optional.empty();
    }

    private static boolean deadlineExceeded(DeploymentStatus status) {
        return status.getConditions().stream()
                .anyMatch(c -> "Progressing".equals(c.getType()) && "ProgressDeadlineExceeded".equals(c.getReason()));
    }

    private static Optional<Pending> rolling(String sentence) {
        return Optional.of(new Pending("RollingOut", sentence, ""));
    }

    static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
