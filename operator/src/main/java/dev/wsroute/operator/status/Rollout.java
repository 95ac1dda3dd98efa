package dev.wsroute.operator.status;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How far a Deployment's roll-out is, by the logic of {@code kubectl rollout status}. */
final class Rollout {

    private Rollout() {}

    /**
     * What a roll-out waits for.
     *
     * @param reason a word for the condition
     * @param sentence what is being waited for
     * @param obstacle a part of a sentence that says why waiting is likely to be in vain; empty while nothing is wrong
     */
    record Pending(String reason, String sentence, String obstacle) {}

    /**
     * What is still missing; empty when the roll-out is complete.
     *
     * @param pods that may be the Deployment's; asked for only while something is missing
     */
    static Optional<Pending> pending(@Nullable Deployment deployment, int desired, Supplier<List<Pod>> pods) {
        if (deployment == null || deployment.getStatus() == null) {
            return rolling("The Deployment of the proxies is not there yet.");
        }
        DeploymentStatus status = deployment.getStatus();
        long observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
        if (observed < Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L)) {
            return rolling("The Deployment of the proxies was changed, and its controller has not seen that yet.");
        }
        Optional<Pending> missing = deadlineExceeded(status) ? late(deployment, desired) : missing(status, desired);
        return missing.map(pending -> Obstacle.of(deployment, pods)
                .map(obstacle -> new Pending(
                        obstacle.reason(),
                        "The roll-out of the proxies is stuck: " + obstacle.cause() + ".",
                        obstacle.cause()))
                .orElse(pending));
    }

    private static Optional<Pending> late(Deployment deployment, int desired) {
        String look =
                "look at the pods of Deployment " + deployment.getMetadata().getName();
        return Optional.of(new Pending(
                "ProgressDeadlineExceeded",
                "The roll-out of the proxies makes no progress: "
                        + number(deployment.getStatus().getReadyReplicas()) + " of " + desired + " are ready; " + look
                        + ".",
                "the roll-out makes no progress; " + look));
    }

    private static Optional<Pending> missing(DeploymentStatus status, int desired) {
        int updated = number(status.getUpdatedReplicas());
        if (updated < desired) {
            return rolling(updated + " of " + desired + " proxies are of the current revision.");
        }
        if (number(status.getReplicas()) > updated) {
            return rolling(
                    (number(status.getReplicas()) - updated) + " proxies of an earlier revision are still there.");
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
