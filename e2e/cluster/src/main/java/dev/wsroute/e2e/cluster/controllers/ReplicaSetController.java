// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import dev.wsroute.e2e.cluster.work.NamespacedName;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates and deletes the pods of ReplicaSets. */
final class ReplicaSetController implements Controller {

    private final KubernetesClient client;
    private final Views views;
    private final WorkQueue<NamespacedName> queue = new WorkQueue<>("replicasets", this::reconcile);

    ReplicaSetController(KubernetesClient client, Views views) {
        this.client = client;
        this.views = views;
        views.replicaSets().listen(set -> queue.add(NamespacedName.of(set)));
        views.pods()
                .listen(pod -> Owners.controllerOf(pod)
                        .filter(owner -> owner.getKind().equals("ReplicaSet"))
                        .ifPresent(owner -> queue.add(
                                new NamespacedName(NamespacedName.of(pod).namespace(), owner.getName()))));
    }

    private void reconcile(NamespacedName key) {
        Optional<ReplicaSet> found = views.replicaSets().get(key);
        if (found.isEmpty()) {
            return;
        }
        ReplicaSet set = found.get();
        KubernetesClientException refusal = null;
        if (set.getMetadata().getDeletionTimestamp() == null) {
            try {
                replicate(set, active(set));
            } catch (KubernetesClientException e) {
                refusal = e;
            }
        }
        writeStatus(set, active(set), refusal);
        if (refusal != null) {
            throw refusal;
        }
    }

    private List<Pod> active(ReplicaSet set) {
        return views.pods()
                .list(set.getMetadata().getNamespace())
                .filter(pod -> Owners.isControlledBy(pod, set) && Pods.isActive(pod))
                .filter(pod -> !views.pods().wasDeleted(pod))
                .toList();
    }

    private void replicate(ReplicaSet set, List<Pod> pods) {
        int missing = DeploymentRollout.replicas(set) - pods.size();
        for (int i = 0; i < missing; i++) {
            views.pods().wrote(client.resource(newPod(set)).create());
        }
        pods.stream()
                .sorted(Pods.DISPENSABLE_FIRST)
                .limit(Math.max(0, -missing))
                .forEach(pod -> {
                    client.resource(pod).delete();
                    views.pods().deleted(pod);
                });
    }

    private static Pod newPod(ReplicaSet set) {
        String prefix = set.getMetadata().getName() + "-";
        return new PodBuilder()
                .withMetadata(set.getSpec().getTemplate().getMetadata())
                .editMetadata()
                .withNamespace(set.getMetadata().getNamespace())
                .withGenerateName(prefix)
                .withName(RandomNames.withPrefix(prefix))
                .withOwnerReferences(Owners.controlledBy(set))
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .build();
    }

    private void writeStatus(ReplicaSet set, List<Pod> pods, @Nullable KubernetesClientException refusal) {
        Duration minReady =
                Duration.ofSeconds(Objects.requireNonNullElse(set.getSpec().getMinReadySeconds(), 0));
        Instant now = Instant.now();
        List<Duration> untilAvailable = pods.stream()
                .flatMap(pod -> Pods.untilAvailable(pod, minReady, now).stream())
                .toList();
        int available = (int) untilAvailable.stream().filter(Duration::isZero).count();
        int labelled = (int) pods.stream()
                .filter(pod -> Selectors.matches(
                        set.getSpec().getTemplate().getMetadata().getLabels(),
                        pod.getMetadata().getLabels()))
                .count();
        ReplicaSetStatus before = Objects.requireNonNullElseGet(set.getStatus(), ReplicaSetStatus::new);
        ReplicaSetStatus status = new ReplicaSetStatusBuilder(before)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withReplicas(pods.size())
                .withFullyLabeledReplicas(labelled == 0 ? null : labelled)
                .withReadyReplicas(untilAvailable.isEmpty() ? null : untilAvailable.size())
                .withAvailableReplicas(available == 0 ? null : available)
                .withConditions(ReplicaFailures.of(before, refusal, now))
                .build();
        if (!status.equals(before)) {
            ReplicaSet written = set.edit().withStatus(status).build();
            views.replicaSets().wrote(client.resource(written).updateStatus());
        }
        untilAvailable.stream()
                .filter(left -> !left.isZero())
                .min(Duration::compareTo)
                .ifPresent(left -> queue.addAfter(NamespacedName.of(set), left.plus(Duration.ofMillis(10))));
    }

    @Override
    public void close() {
        queue.close();
    }
}
