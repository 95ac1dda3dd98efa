// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import dev.wsroute.e2e.cluster.work.ObjectView;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects without remaining owners, and implements foreground and orphaning deletion. It watches every kind that the
 * API server serves, including custom resources.
 */
final class GarbageCollector implements Controller {

    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";
    private static final String CRD = "CustomResourceDefinition";
    /** A definition is served shortly after it was written, so the kinds are discovered again then. */
    private static final Duration SECOND_LOOK = Duration.ofMillis(300);

    private final KubernetesClient client;
    private final OwnerGraph graph = new OwnerGraph();
    private final Map<GroupKind, ResourceDefinitionContext> kinds = new ConcurrentHashMap<>();
    private final Map<GroupKind, ObjectView<GenericKubernetesResource>> views = new ConcurrentHashMap<>();
    private final WorkQueue<String> objects = new WorkQueue<>("garbage", this::reconcile);
    private final WorkQueue<String> discovery = new WorkQueue<>("garbage-discovery", reason -> discover());

    GarbageCollector(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public void start() {
        discovery.add("start");
    }

    private void discover() {
        Map<GroupKind, ResourceDefinitionContext> served = ApiKinds.discover(client);
        views.keySet().stream().filter(kind -> !served.containsKey(kind)).forEach(this::unwatch);
        served.forEach((kind, context) -> {
            kinds.put(kind, context);
            if (!views.containsKey(kind)) {
                watch(kind, context);
            }
        });
    }

    /** The context is kept, since dependents need it to learn that the object no longer exists. */
    private void unwatch(GroupKind kind) {
        ObjectView<GenericKubernetesResource> view = Objects.requireNonNull(views.remove(kind));
        view.close();
        view.list("").forEach(this::gone);
    }

    private void watch(GroupKind kind, ResourceDefinitionContext context) {
        ObjectView<GenericKubernetesResource> view =
                new ObjectView<>(operations(context).inAnyNamespace().runnableInformer(0));
        view.listen(object -> {
            if (view.holds(object)) {
                present(object);
            } else {
                gone(object);
            }
            if (CRD.equals(kind.kind())) {
                discovery.add("changed");
                discovery.addAfter("settled", SECOND_LOOK);
            }
        });
        views.put(kind, view);
        view.start().whenComplete((started, failure) -> {
            if (failure != null && views.remove(kind, view)) {
                LOG.debug("{} cannot be watched: {}", kind, failure.getMessage());
                // The next discovery retries.
                discovery.addAfter("failed", SECOND_LOOK);
            }
        });
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            operations(ResourceDefinitionContext context) {
        return client.genericKubernetesResources(context);
    }

    private void present(GenericKubernetesResource object) {
        graph.put(object);
        if (!object.getMetadata().getOwnerReferences().isEmpty() || isTerminating(object)) {
            objects.add(OwnerGraph.uid(object));
        }
    }

    private void gone(GenericKubernetesResource object) {
        graph.remove(object);
        graph.dependentsOf(OwnerGraph.uid(object)).forEach(dependent -> objects.add(OwnerGraph.uid(dependent)));
        object.getMetadata().getOwnerReferences().forEach(owner -> objects.add(owner.getUid()));
    }

    private static boolean isTerminating(GenericKubernetesResource object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    private static boolean isTerminating(GenericKubernetesResource object, String finalizer) {
        return isTerminating(object) && object.getMetadata().getFinalizers().contains(finalizer);
    }

    private void reconcile(String uid) {
        graph.get(uid).ifPresent(object -> {
            if (isTerminating(object, FOREGROUND)) {
                deleteDependentsFirst(object);
            } else if (isTerminating(object, ORPHAN)) {
                orphanDependents(object);
            } else if (!isTerminating(object)
                    && !object.getMetadata().getOwnerReferences().isEmpty()) {
                collect(object);
            }
        });
    }

    private void collect(GenericKubernetesResource object) {
        List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
        List<OwnerReference> alive =
                owners.stream().filter(owner -> exists(object, owner)).toList();
        boolean wanted = alive.stream()
                .anyMatch(owner -> graph.get(owner.getUid())
                        .filter(found -> isTerminating(found, FOREGROUND))
                        .isEmpty());
        if (!wanted) {
            delete(object);
        } else if (alive.size() < owners.size()) {
            patchOwners(object, alive);
        }
    }

    /** Looks up an unknown owner in the API, since its watch may lag behind that of its dependent. */
    private boolean exists(GenericKubernetesResource dependent, OwnerReference owner) {
        if (graph.get(owner.getUid()).isPresent()) {
            return true;
        }
        @Nullable ResourceDefinitionContext context = kinds.get(GroupKind.of(owner.getApiVersion(), owner.getKind()));
        if (context == null) {
            // Unknown: the kind may be served soon.
            return true;
        }
        @Nullable GenericKubernetesResource found = context.isNamespaceScoped()
                ? operations(context)
                        .inNamespace(dependent.getMetadata().getNamespace())
                        .withName(owner.getName())
                        .get()
                : operations(context).withName(owner.getName()).get();
        return found != null && owner.getUid().equals(OwnerGraph.uid(found));
    }

    private void deleteDependentsFirst(GenericKubernetesResource owner) {
        List<GenericKubernetesResource> dependents = graph.dependentsOf(OwnerGraph.uid(owner));
        dependents.stream().filter(dependent -> !isTerminating(dependent)).forEach(this::collect);
        boolean blocked = dependents.stream()
                .flatMap(dependent -> dependent.getMetadata().getOwnerReferences().stream())
                .anyMatch(reference -> reference.getUid().equals(OwnerGraph.uid(owner))
                        && Boolean.TRUE.equals(reference.getBlockOwnerDeletion()));
        if (!blocked) {
            removeFinalizer(owner, FOREGROUND);
        }
    }

    private void orphanDependents(GenericKubernetesResource owner) {
        String uid = OwnerGraph.uid(owner);
        graph.dependentsOf(uid)
                .forEach(dependent -> patchOwners(
                        dependent,
                        dependent.getMetadata().getOwnerReferences().stream()
                                .filter(reference -> !reference.getUid().equals(uid))
                                .toList()));
        removeFinalizer(owner, ORPHAN);
    }

    private void removeFinalizer(GenericKubernetesResource object, String finalizer) {
        List<String> left = object.getMetadata().getFinalizers().stream()
                .filter(name -> !name.equals(finalizer))
                .toList();
        patchMetadata(object, "finalizers", left);
    }

    private void patchOwners(GenericKubernetesResource object, List<OwnerReference> owners) {
        patchMetadata(object, "ownerReferences", owners);
    }

    /** Protected by the resource version, since a list is replaced as a whole. */
    private void patchMetadata(GenericKubernetesResource object, String field, List<?> value) {
        Map<String, Object> metadata =
                Map.of(field, value, "resourceVersion", object.getMetadata().getResourceVersion());
        resource(object).patch(MERGE, Serialization.asJson(Map.of("metadata", metadata)));
    }

    private void delete(GenericKubernetesResource object) {
        resource(object).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    }

    private Resource<GenericKubernetesResource> resource(GenericKubernetesResource object) {
        ResourceDefinitionContext context =
                Objects.requireNonNull(kinds.get(GroupKind.of(object.getApiVersion(), object.getKind())));
        return context.isNamespaceScoped()
                ? operations(context)
                        .inNamespace(object.getMetadata().getNamespace())
                        .withName(object.getMetadata().getName())
                : operations(context).withName(object.getMetadata().getName());
    }

    @Override
    public void close() {
        discovery.close();
        objects.close();
        List<ObjectView<GenericKubernetesResource>> open = List.copyOf(views.values());
        views.clear();
        open.forEach(ObjectView::close);
    }
}
