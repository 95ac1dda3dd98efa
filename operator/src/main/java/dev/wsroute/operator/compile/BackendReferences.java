// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.BackendRef;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The Services that a route depends on. Never fails, since watches call it before the spec is validated. */
public final class BackendReferences {

    private BackendReferences() {}

    /** The Services that the spec refers to. */
    public static Set<ServiceName> namedServices(WebSocketRoute route) {
        Set<ServiceName> names = new LinkedHashSet<>();
        forEachBackend(route, ref -> {
            if (ref.service() != null && ref.service().name() != null) {
                String namespace = Objects.requireNonNullElseGet(ref.namespace(), () -> namespace(route));
                names.add(new ServiceName(namespace, ref.service().name()));
            }
        });
        if (route.getSpec() != null) {
            route.getSpec().rules().stream()
                    .map(RouteRule::access)
                    .filter(access -> access != null && access.external() != null)
                    .map(access -> access.external().service())
                    .filter(service -> service != null && service.name() != null)
                    .forEach(service -> names.add(new ServiceName(namespace(route), service.name())));
        }
        return names;
    }

    /** The other namespaces that the spec names. */
    public static Set<String> foreignNamespaces(WebSocketRoute route) {
        return namedServices(route).stream()
                .map(ServiceName::namespace)
                .filter(namespace -> !namespace.equals(namespace(route)))
                .collect(Collectors.toSet());
    }

    /** The Services whose EndpointSlices have the route's endpoints: those in the spec and those created for selectors. */
    public static Set<ServiceName> endpointServices(WebSocketRoute route) {
        Set<ServiceName> names = namedServices(route);
        forEachBackend(route, ref -> {
            String headless = headless(route, ref);
            if (headless != null) {
                names.add(new ServiceName(namespace(route), headless));
            }
        });
        return names;
    }

    private static String namespace(WebSocketRoute route) {
        return Objects.requireNonNullElse(route.getMetadata().getNamespace(), "");
    }

    private static @Nullable String headless(WebSocketRoute route, BackendRef ref) {
        return ref.podSelector() == null || ref.podSelector().matchLabels() == null || ref.port() == null
                ? null
                : HeadlessService.of(
                                route.getMetadata().getName(), ref.podSelector().matchLabels(), ref.port())
                        .name();
    }

    private static void forEachBackend(WebSocketRoute route, Consumer<BackendRef> action) {
        if (route.getSpec() != null) {
            route.getSpec().rules().forEach(rule -> rule.backendRefs().forEach(action));
        }
    }
}
