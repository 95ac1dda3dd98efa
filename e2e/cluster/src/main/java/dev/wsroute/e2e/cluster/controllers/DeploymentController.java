// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import dev.wsroute.e2e.cluster.work.NamespacedName;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Creates ReplicaSets for Deployments: one per template, named by its hash, and scaled as {@link DeploymentRollout} says.
 * The current ReplicaSet is identified only by the hash, so a template that returns reuses its old ReplicaSet.
 */
final class DeploymentController implements Controller {

    static final String REVISION = "deployment.kubernetes.io/revision";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final int DEFAULT_HISTORY = 10;

    private final KubernetesClient client;
    private final Views views;
    private final WorkQueue<NamespacedName> queue = new WorkQueue<>("deployments", this::reconcile);

    DeploymentController(KubernetesClient client, Views views) {
        this.client = client;
        this.views = views;
        views.deployments().listen(deployment -> queue.add(NamespacedName.of(deployment)));
        views.replicaSets().listen(this::enqueueOwner);
    }

    private void enqueueOwner(HasMetadata object) {
        Owners.controllerOf(object)
                .filter(owner -> owner.getKind().equals("Deployment"))
                .ifPresent(owner ->
                        queue.add(new NamespacedName(NamespacedName.of(object).namespace(), owner.getName())));
    }

    private void reconcile(NamespacedName key) {
        Optional<Deployment> found = views.deployments().get(key);
        if (found.isEmpty() || found.get().getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        Deployment deployment = found.get();
        String hash = TemplateHash.of(deployment.getSpec().getTemplate());
        List<ReplicaSet> sets = ownedBy(deployment);
        List<ReplicaSet> old =
                sets.stream().filter(set -> !isCurrent(set, hash)).toList();
        Optional<ReplicaSet> current =
                sets.stream().filter(set -> isCurrent(set, hash)).findFirst();
        if (!Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
            ReplicaSet rolled = roll(deployment, hash, current, old);
            current = Optional.of(rolled);
            showRevision(deployment, rolled);
        }
        writeStatus(deployment, current);
        forgetHistory(deployment, hash);
    }

    private List<ReplicaSet> ownedBy(Deployment deployment) {
        return views.replicaSets()
                .list(deployment.getMetadata().getNamespace())
                .filter(set -> Owners.isControlledBy(set, deployment))
                .filter(set -> set.getMetadata().getDeletionTimestamp() == null
                        && !views.replicaSets().wasDeleted(set))
                .toList();
    }

    private static boolean isCurrent(ReplicaSet set, String hash) {
        return hash.equals(set.getMetadata().getLabels().get(TemplateHash.LABEL));
    }

    private ReplicaSet roll(Deployment deployment, String hash, Optional<ReplicaSet> found, List<ReplicaSet> old) {
        DeploymentRollout rollout = DeploymentRollout.of(deployment);
        ReplicaSet current = found.map(set -> raiseRevision(set, old))
                .orElseGet(() -> create(deployment, hash, old, rollout.newReplicas(unborn(), old)));
        ReplicaSet scaled = scale(current, rollout.newReplicas(current, old));
        rollout.oldReplicas(scaled, old).forEach(this::scale);
        return scaled;
    }

    private static ReplicaSet unborn() {
        return new ReplicaSetBuilder().withNewSpec().withReplicas(0).endSpec().build();
    }

    private ReplicaSet create(Deployment deployment, String hash, List<ReplicaSet> old, int replicas) {
        PodTemplateSpec template = deployment.getSpec().getTemplate();
        ReplicaSet set = new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName() + "-" + hash)
                .withLabels(template.getMetadata().getLabels())
                .addToLabels(TemplateHash.LABEL, hash)
                .addToAnnotations(REVISION, String.valueOf(newestRevision(old) + 1))
                .withOwnerReferences(Owners.controlledBy(deployment))
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
                .withNewSelectorLike(deployment.getSpec().getSelector())
                .addToMatchLabels(TemplateHash.LABEL, hash)
                .endSelector()
                .withNewTemplateLike(template)
                .editMetadata()
                .addToLabels(TemplateHash.LABEL, hash)
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
        return views.replicaSets().wrote(client.resource(set).create());
    }

    private ReplicaSet scale(ReplicaSet set, int replicas) {
        if (DeploymentRollout.replicas(set) == replicas) {
            return set;
        }
        return views.replicaSets()
                .wrote(client.resource(set).patch(MERGE, "{\"spec\":{\"replicas\":" + replicas + "}}"));
    }

    private ReplicaSet raiseRevision(ReplicaSet set, List<ReplicaSet> old) {
        long newest = newestRevision(old);
        return revision(set) > newest
                ? set
                : views.replicaSets().wrote(client.resource(set).patch(MERGE, revisionPatch(newest + 1)));
    }

    private void showRevision(Deployment deployment, ReplicaSet current) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(deployment.getMetadata().getAnnotations(), Map.of());
        String revision = String.valueOf(revision(current));
        if (!revision.equals(annotations.get(REVISION))) {
            views.deployments().wrote(client.resource(deployment).patch(MERGE, revisionPatch(revision(current))));
        }
    }

    private static String revisionPatch(long revision) {
        return "{\"metadata\":{\"annotations\":{\"" + REVISION + "\":\"" + revision + "\"}}}";
    }

    private static long newestRevision(List<ReplicaSet> sets) {
        return sets.stream().mapToLong(DeploymentController::revision).max().orElse(0);
    }

    private static long revision(ReplicaSet set) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(set.getMetadata().getAnnotations(), Map.of());
        return Long.parseLong(annotations.getOrDefault(REVISION, "0"));
    }

    private void writeStatus(Deployment deployment, Optional<ReplicaSet> current) {
        // The revision annotation may just have been written, so the status is written to the resulting object.
        Deployment newest =
                views.deployments().get(NamespacedName.of(deployment)).orElse(deployment);
        Instant now = Instant.now();
        DeploymentStatus status = DeploymentStatuses.of(newest, current, ownedBy(newest), now);
        if (!status.equals(newest.getStatus())) {
            newest = newest.edit().withStatus(status).build();
            views.deployments().wrote(client.resource(newest).updateStatus());
        }
        DeploymentStatuses.untilDeadline(newest, now)
                .ifPresent(left -> queue.addAfter(NamespacedName.of(deployment), left.plus(Duration.ofMillis(100))));
    }

    private void forgetHistory(Deployment deployment, String hash) {
        int limit = Objects.requireNonNullElse(deployment.getSpec().getRevisionHistoryLimit(), DEFAULT_HISTORY);
        List<ReplicaSet> idle = ownedBy(deployment).stream()
                .filter(set -> !isCurrent(set, hash) && DeploymentRollout.replicas(set) == 0)
                .filter(set -> set.getStatus() != null
                        && Objects.equals(set.getStatus().getReplicas(), 0)
                        && Objects.equals(
                                set.getStatus().getObservedGeneration(),
                                set.getMetadata().getGeneration()))
                .sorted(Comparator.comparingLong(DeploymentController::revision))
                .toList();
        idle.stream().limit(Math.max(0, idle.size() - limit)).forEach(set -> {
            client.resource(set).delete();
            views.replicaSets().deleted(set);
        });
    }

    @Override
    public void close() {
        queue.close();
    }
}
