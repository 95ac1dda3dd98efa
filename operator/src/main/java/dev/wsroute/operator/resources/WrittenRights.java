// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The Roles and RoleBindings that exist in namespaces of backends, by the operator's watches. */
public final class WrittenRights {

    private static final String BY_ROUTE = "backend-rights";
    private static final String ALL = "*";
    private static final Set<String> SOURCES = Set.of(OwnedKinds.ROLES, OwnedKinds.ROLE_BINDINGS);

    private final List<? extends ManagedInformerEventSource<?, WebSocketRoute, ?>> sources;

    private WrittenRights(List<? extends ManagedInformerEventSource<?, WebSocketRoute, ?>> sources) {
        this.sources = sources;
    }

    /** Those that {@code all} watch. To be called before these are started. */
    public static WrittenRights indexedIn(List<EventSource<?, WebSocketRoute>> all) {
        List<ManagedInformerEventSource<?, WebSocketRoute, ?>> sources = all.stream()
                .filter(source -> SOURCES.contains(source.name()))
                .<ManagedInformerEventSource<?, WebSocketRoute, ?>>map(
                        source -> (ManagedInformerEventSource<?, WebSocketRoute, ?>) source)
                .toList();
        sources.forEach(source -> source.addIndexers(Map.of(BY_ROUTE, WrittenRights::keys)));
        return new WrittenRights(sources);
    }

    /** Those that the watches of {@code context} know. */
    public static WrittenRights in(Context<WebSocketRoute> context) {
        return new WrittenRights(List.of(
                OwnedKinds.watched(Role.class, OwnedKinds.ROLES, context),
                OwnedKinds.watched(RoleBinding.class, OwnedKinds.ROLE_BINDINGS, context)));
    }

    private static List<String> keys(HasMetadata object) {
        return BackendRights.routeOf(object)
                .map(route -> List.of(ALL, key(route)))
                .orElse(List.of());
    }

    private static String key(ResourceID route) {
        return route.getNamespace().orElse("") + "/" + route.getName();
    }

    /** All, whether or not their routes exist. */
    public List<HasMetadata> all() {
        return find(ALL);
    }

    /** Those of one route. */
    public List<HasMetadata> of(ResourceID route) {
        return find(key(route));
    }

    private List<HasMetadata> find(String key) {
        return sources.stream()
                .<HasMetadata>flatMap(source -> source.byIndex(BY_ROUTE, key).stream())
                .toList();
    }

    /** The object of the same kind, namespace and name as {@code desired}, whoever owns it. */
    public Optional<HasMetadata> like(HasMetadata desired) {
        return sources.stream()
                .filter(source -> source.resourceType().equals(desired.getClass()))
                .flatMap(source -> Stream.ofNullable(
                        source.get(ResourceID.fromResource(desired)).orElse(null)))
                .map(HasMetadata.class::cast)
                .findFirst();
    }
}
