package dev.wsroute.operator.status;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a Deployment's roll-out is, by the logic of {@code kubectl rollout status}. */
final class Rollout {

    private Rollout() {}

    /**
     * @param reason a word for the condition
     * @param sentence what is being waited for
     */
    record Pending(String reason, String sentence) {}

    /** What is still missing; empty when the roll-out is complete. */
    static Optional<Pending> pending(@Nullable Deployment deployment, int desired) {
        if (deployment == null || deployment.getStatus() == null) {
            return rolling("The Deployment of the proxies is not there yet.");
        }
        DeploymentStatus status = deployment.getStatus();
        long observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
        if (observed < Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L)) {
            return rolling("The Deployment of the proxies was changed, and its controller has not seen that yet.");
        }
        if (deadlineExceeded(status)) {
            return Optional.of(new Pending(
                    "ProgressDeadlineExceeded",
                    "The roll-out of the proxies makes no progress: " + number(status.getReadyReplicas()) + " of "
                            + desired + " are ready; look at the pods of Deployment "
                            + deployment.getMetadata().getName() + "."));
        }
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
        return Optional.of(new Pending("RollingOut", sentence));
    }

    static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
