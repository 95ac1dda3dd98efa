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
 * Why pods of the proxies cannot be created, scheduled or started, as Kubernetes says it. It is the same at each look while
 * nothing changes, though pods go back and forth between attempts and pauses.
 *
 * @param reason the word that Kubernetes has for it
 * @param cause a part of a sentence, without a full stop
 */
record Obstacle(String reason, String cause) {

    /** What a reason of a condition may look like is bounded by the API: anything else would keep the status from being written. */
    private static final Pattern REASON = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

    /** What keeps {@code deployment} from having its pods, or else what keeps these from running. */
    static Optional<Obstacle> of(Deployment deployment, Supplier<List<Pod>> pods) {
        return creation(deployment)
                .or(() -> updated(deployment) == 0
                        // Those that there are belong to an earlier revision, which an edit may just have mended.
                        ? Optional.empty()
                        : PodObstacles.of(deployment.getMetadata().getName(), pods.get()));
    }

    static Obstacle of(@Nullable String reason, String otherwise, String what, @Nullable String message) {
        String told = OneLine.of(message);
        return new Obstacle(
                reason != null && REASON.matcher(reason).matches() ? reason : otherwise,
                told.isEmpty() ? what : what + ": " + told);
    }

    private static int updated(Deployment deployment) {
        return Rollout.number(deployment.getStatus().getUpdatedReplicas());
    }

    /** A quota, a priority class that is not there, Pod Security, an admission webhook. */
    private static Optional<Obstacle> creation(Deployment deployment) {
        return deployment.getStatus().getConditions().stream()
                .filter(Obstacle::refusesCreation)
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
