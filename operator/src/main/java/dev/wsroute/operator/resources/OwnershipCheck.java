// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks which of a route's objects exist, and who owns them. An object that has the right name but another owner is
 * reported and never written.
 *
 * @param conflicts one sentence for each object with another owner
 * @param unlabelled objects of this route that have lost the label that the operator watches
 */
public record OwnershipCheck(List<String> conflicts, Set<OwnedObject> unlabelled) {

    /**
     * Checks each of {@code objects}. Cached objects cost nothing; for the others the API is asked, which happens only before
     * an object is created.
     */
    public static OwnershipCheck check(
            WebSocketRoute route, List<OwnedObject> objects, Context<WebSocketRoute> context) {
        List<String> conflicts = new ArrayList<>();
        Set<OwnedObject> unlabelled = new HashSet<>();
        for (OwnedObject object : objects) {
            ResourceID id = new ResourceID(object.name(), route.getMetadata().getNamespace());
            Optional<? extends HasMetadata> known = watched(object, id, context);
            Optional<? extends HasMetadata> actual = known.isPresent() ? known : inApi(object, route, context);
            actual.ifPresent(found -> {
                if (!belongsTo(route, found)) {
                    conflicts.add(conflict(found, route));
                } else if (known.isEmpty()) {
                    unlabelled.add(object);
                }
            });
        }
        return new OwnershipCheck(List.copyOf(conflicts), Set.copyOf(unlabelled));
    }

    /** The route's Secret of this name, whether cached or without the label that the operator watches. */
    Optional<Secret> secret(WebSocketRoute route, String name, Context<WebSocketRoute> context) {
        String namespace = route.getMetadata().getNamespace();
        return unlabelled.contains(new OwnedObject(Secret.class, OwnedKinds.SECRETS, name))
                ? Optional.ofNullable(context.getClient()
                        .secrets()
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                : OwnedKinds.watched(Secret.class, OwnedKinds.SECRETS, context)
                        .get(new ResourceID(name, namespace))
                        .filter(secret -> belongsTo(route, secret));
    }

    /** The uids of those of {@code objects} that are cached. */
    public static Set<String> known(WebSocketRoute route, List<OwnedObject> objects, Context<WebSocketRoute> context) {
        return objects.stream()
                .flatMap(object ->
                        watched(
                                object,
                                new ResourceID(
                                        object.name(), route.getMetadata().getNamespace()),
                                context)
                                .stream())
                .map(object -> object.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    private static Optional<? extends HasMetadata> watched(
            OwnedObject object, ResourceID id, Context<WebSocketRoute> context) {
        var source = context.eventSourceRetriever().getEventSourceFor(object.type(), object.eventSource());
        return ((ManagedInformerEventSource<?, ?, ?>) source).get(id);
    }

    private static Optional<? extends HasMetadata> inApi(
            OwnedObject object, WebSocketRoute route, Context<WebSocketRoute> context) {
        return Optional.ofNullable(context.getClient()
                .resources(object.type())
                .inNamespace(route.getMetadata().getNamespace())
                .withName(object.name())
                .get());
    }

    /** Whether the object belongs to the route, by its owner reference or, if that was removed, by everything else. */
    public static boolean belongsTo(WebSocketRoute route, HasMetadata object) {
        return isOwnedBy(route, object) || isLost(route, object);
    }

    /**
     * Whether somebody removed the owner reference of one of our objects: it has none, has our labels, and its managed fields
     * show that the operator applied them. The labels alone prove nothing, since anybody may copy them.
     */
    private static boolean isLost(WebSocketRoute route, HasMetadata object) {
        ObjectMeta metadata = object.getMetadata();
        return controller(object).isEmpty()
                && Labels.routeOf(metadata)
                        .filter(route.getMetadata().getName()::equals)
                        .isPresent()
                && isApplied(object);
    }

    /** Whether the managed fields show that the operator applied the object. */
    static boolean isApplied(HasMetadata object) {
        return object.getMetadata().getManagedFields().stream().anyMatch(OwnershipCheck::isOurs);
    }

    private static boolean isOurs(ManagedFieldsEntry entry) {
        return OwnedNames.FIELD_MANAGER.equals(entry.getManager())
                && "Apply".equals(entry.getOperation())
                && entry.getFieldsV1() != null
                && entry.getFieldsV1().getAdditionalProperties().get("f:metadata") instanceof Map<?, ?> owned
                && owned.get("f:labels") instanceof Map<?, ?> labels
                && labels.containsKey("f:" + Labels.ROUTE);
    }

    /** Whether {@code route} itself, not an earlier route of the same name, is the controller of {@code object}. */
    static boolean isOwnedBy(WebSocketRoute route, HasMetadata object) {
        return controller(object)
                .filter(owner ->
                        Objects.equals(owner.getUid(), route.getMetadata().getUid()))
                .isPresent();
    }

    private static String conflict(HasMetadata found, WebSocketRoute route) {
        String who = found.getKind() + " " + found.getMetadata().getNamespace() + "/"
                + found.getMetadata().getName();
        Optional<OwnerReference> owner = controller(found);
        if (owner.isEmpty()) {
            return who + " exists and does not belong to this route; delete it or rename the route.";
        }
        OwnerReference other = owner.get();
        boolean earlier = other.getKind().equals(route.getKind())
                && other.getName().equals(route.getMetadata().getName());
        return earlier
                ? who + " belongs to a deleted route of this name; waiting until it has been deleted."
                : who + " belongs to " + other.getKind() + " " + other.getName() + "; delete it or rename the route.";
    }

    private static Optional<OwnerReference> controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    static void claim(HasMetadata desired, WebSocketRoute route) {
        // Without blockOwnerDeletion, which would need one more permission; no object has to be deleted before the
        // route.
        desired.addOwnerReference(new OwnerReferenceBuilder()
                .withApiVersion(route.getApiVersion())
                .withKind(route.getKind())
                .withName(route.getMetadata().getName())
                .withUid(route.getMetadata().getUid())
                .withController(true)
                .build());
    }

    static boolean isUnlabelled(HasMetadata desired, Context<WebSocketRoute> context) {
        return ProxyModel.in(context).unlabelled().stream()
                .anyMatch(o -> o.type().isInstance(desired)
                        && o.name().equals(desired.getMetadata().getName()));
    }
}
