package dev.wsroute.e2e.cluster.controllers;

import dev.wsroute.e2e.cluster.work.ObjectKey;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Says in the status of each PodDisruptionBudget how many pods may be evicted now. */
final class PodDisruptionBudgetController implements Controller {

    private static final String CONDITION = "DisruptionAllowed";

    private final KubernetesClient client;
    private final Views views;
    private final WorkQueue<ObjectKey> queue = new WorkQueue<>("poddisruptionbudgets", this::reconcile);

    PodDisruptionBudgetController(KubernetesClient client, Views views) {
        this.client = client;
        this.views = views;
        views.budgets().listen(budget -> queue.add(ObjectKey.of(budget)));
        views.pods()
                .listen(pod -> views.budgets()
                        .list(ObjectKey.of(pod).namespace())
                        .filter(budget -> covers(budget, pod))
                        .forEach(budget -> queue.add(ObjectKey.of(budget))));
    }

    private static boolean covers(PodDisruptionBudget budget, Pod pod) {
        return Selectors.matches(
                budget.getSpec().getSelector(), pod.getMetadata().getLabels());
    }

    private void reconcile(ObjectKey key) {
        Optional<PodDisruptionBudget> found = views.budgets().get(key);
        if (found.isEmpty() || found.get().getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        PodDisruptionBudget budget = found.get();
        PodDisruptionBudgetStatus before =
                Objects.requireNonNullElseGet(budget.getStatus(), PodDisruptionBudgetStatus::new);
        PodDisruptionBudgetStatus status = status(budget, before);
        if (!status.equals(before)) {
            PodDisruptionBudget changed = budget.edit().withStatus(status).build();
            views.budgets().wrote(client.resource(changed).updateStatus());
        }
    }

    private PodDisruptionBudgetStatus status(PodDisruptionBudget budget, PodDisruptionBudgetStatus before) {
        List<Pod> pods = views.pods()
                .list(budget.getMetadata().getNamespace())
                .filter(pod -> covers(budget, pod) && Pods.isActive(pod))
                .toList();
        int expected = expected(pods);
        int healthy = (int) pods.stream().filter(Pods::isReady).count();
        int desired;
        if (budget.getSpec().getMaxUnavailable() != null) {
            desired = Math.max(0, expected - Rollout.scaled(budget.getSpec().getMaxUnavailable(), expected, true));
        } else if (budget.getSpec().getMinAvailable() != null) {
            desired = Rollout.scaled(budget.getSpec().getMinAvailable(), expected, true);
        } else {
            desired = expected;
        }
        int allowed = Math.max(0, healthy - desired);
        String state = allowed > 0 ? "True" : "False";
        String since = before.getConditions().stream()
                .filter(condition -> CONDITION.equals(condition.getType()) && state.equals(condition.getStatus()))
                .map(condition -> condition.getLastTransitionTime())
                .findFirst()
                .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return new PodDisruptionBudgetStatusBuilder(before)
                .withObservedGeneration(budget.getMetadata().getGeneration())
                .withExpectedPods(expected)
                .withCurrentHealthy(healthy)
                .withDesiredHealthy(desired)
                .withDisruptionsAllowed(allowed)
                .withConditions(new ConditionBuilder()
                        .withType(CONDITION)
                        .withStatus(state)
                        .withReason(allowed > 0 ? "SufficientPods" : "InsufficientPods")
                        .withMessage("")
                        .withObservedGeneration(budget.getMetadata().getGeneration())
                        .withLastTransitionTime(since)
                        .build())
                .build();
    }

    /** What the owners of the pods ask for; a pod without an owner counts for itself. */
    private int expected(List<Pod> pods) {
        List<ReplicaSet> sets = pods.stream()
                .flatMap(pod -> views.replicaSets()
                        .list(pod.getMetadata().getNamespace())
                        .filter(set -> Owners.isControlledBy(pod, set)))
                .distinct()
                .toList();
        int ofDeployments = sets.stream()
                .flatMap(set -> Owners.controllerOf(set).stream().map(owner -> deployment(set, owner)))
                .distinct()
                .flatMap(key -> views.deployments().get(key).stream())
                .mapToInt(deployment -> Rollout.of(deployment).replicas())
                .sum();
        int ofSets = sets.stream()
                .filter(set -> Owners.controllerOf(set).isEmpty())
                .mapToInt(Rollout::replicas)
                .sum();
        int alone = (int)
                pods.stream().filter(pod -> Owners.controllerOf(pod).isEmpty()).count();
        return ofDeployments + ofSets + alone;
    }

    private static ObjectKey deployment(ReplicaSet set, OwnerReference owner) {
        return new ObjectKey(set.getMetadata().getNamespace(), owner.getName());
    }

    @Override
    public void close() {
        queue.close();
    }
}
