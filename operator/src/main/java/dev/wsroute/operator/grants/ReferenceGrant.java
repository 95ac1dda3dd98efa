// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.grants;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.GrantRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The part of a ReferenceGrant that is about routes (https://gateway-api.sigs.k8s.io/api-types/referencegrant/).
 *
 * @param ref itself
 * @param routes namespaces of the routes that may refer to its namespace
 * @param services names of the Services that they may refer to; empty: all
 */
record ReferenceGrant(GrantRef ref, Set<String> routes, Set<String> services) {

    private static final String ROUTE_GROUP = HasMetadata.getGroup(WebSocketRoute.class);
    private static final String ROUTE_KIND = HasMetadata.getKind(WebSocketRoute.class);

    ReferenceGrant {
        routes = Set.copyOf(routes);
        services = Set.copyOf(services);
    }

    /**
     * What {@code object} permits routes; empty if it permits them nothing. A grant that is being deleted was withdrawn, even if
     * somebody's finalizer keeps it.
     */
    static Optional<ReferenceGrant> of(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        Set<String> routes = new HashSet<>();
        entries(object, "from")
                .filter(from -> ROUTE_GROUP.equals(from.get("group")) && ROUTE_KIND.equals(from.get("kind")))
                .forEach(from -> routes.add(String.valueOf(from.get("namespace"))));
        Set<String> services = new HashSet<>();
        entries(object, "to")
                .filter(to -> "".equals(to.get("group")) && "Service".equals(to.get("kind")))
                .forEach(to -> services.add(to.get("name") instanceof String name ? name : ""));
        if (routes.isEmpty() || services.isEmpty() || metadata.getDeletionTimestamp() != null) {
            return Optional.empty();
        }
        return Optional.of(new ReferenceGrant(
                new GrantRef(object.getApiVersion(), metadata.getName(), metadata.getUid()),
                routes,
                services.contains("") ? Set.of() : services));
    }

    private static Stream<Map<?, ?>> entries(GenericKubernetesResource object, String list) {
        return object.get("spec", list) instanceof List<?> entries
                ? entries.stream().filter(Map.class::isInstance).map(entry -> (Map<?, ?>) entry)
                : Stream.empty();
    }

    boolean permits(String routeNamespace, String service) {
        return routes.contains(routeNamespace) && (services.isEmpty() || services.contains(service));
    }
}
