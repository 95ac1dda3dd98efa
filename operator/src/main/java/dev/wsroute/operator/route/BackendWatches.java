// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.Caches;
import dev.wsroute.operator.compile.BackendReferences;
import dev.wsroute.operator.compile.ForeignServices;
import dev.wsroute.operator.compile.GrantRef;
import dev.wsroute.operator.grants.CurrentGrants;
import dev.wsroute.operator.policies.CurrentPolicies;
import dev.wsroute.operator.resources.Labels;
import dev.wsroute.operator.resources.OwnedNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches of objects that routes refer to but do not own: Services, for the names of their ports, and EndpointSlices, for
 * the status. Names and an index of the routes map a route to these objects and back.
 */
final class BackendWatches {

    private static final String SERVICES = "backend-services";
    private static final String SLICES = "endpoint-slices";
    private static final String BY_SERVICE = "by-service";

    private BackendWatches() {}

    static List<EventSource<?, WebSocketRoute>> eventSources(
            EventSourceContext<WebSocketRoute> context, Caches caches, CurrentPolicies policies) {
        IndexerResourceCache<WebSocketRoute> routes = context.getPrimaryCache();
        routes.addIndexer(BY_SERVICE, BackendWatches::keys);
        InformerEventSource<EndpointSlice, WebSocketRoute> slices = slices(context, routes, caches, policies);
        slices.addIndexers(Map.of(BY_SERVICE, slice -> serviceOf(slice).stream().toList()));
        return List.of(services(context, routes, caches, policies), slices);
    }

    private static InformerEventSource<Service, WebSocketRoute> services(
            EventSourceContext<WebSocketRoute> context,
            IndexerResourceCache<WebSocketRoute> routes,
            Caches caches,
            CurrentPolicies policies) {
        return caches.read(
                Service.class,
                InformerEventSourceConfiguration.from(Service.class, WebSocketRoute.class)
                        .withName(SERVICES)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(service -> with(
                                policies,
                                service.getMetadata().getNamespace(),
                                service.getMetadata().getName(),
                                routesOf(
                                        routes,
                                        key(
                                                service.getMetadata().getNamespace(),
                                                service.getMetadata().getName()))))
                        .withPrimaryToSecondaryMapper(BackendWatches::namedServices),
                context);
    }

    private static InformerEventSource<EndpointSlice, WebSocketRoute> slices(
            EventSourceContext<WebSocketRoute> context,
            IndexerResourceCache<WebSocketRoute> routes,
            Caches caches,
            CurrentPolicies policies) {
        return caches.listed(
                EndpointSlice.class,
                Caches.SLICES_PAGE,
                InformerEventSourceConfiguration.from(EndpointSlice.class, WebSocketRoute.class)
                        .withName(SLICES)
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Labels.SERVICE_NAME)
                        .withSecondaryToPrimaryMapper((EndpointSlice slice) -> with(
                                policies,
                                slice.getMetadata().getNamespace(),
                                slice.getMetadata().getLabels().getOrDefault(Labels.SERVICE_NAME, ""),
                                routesOf(routes, slice)))
                        // Slices have generated names, so they are looked up by their Service.
                        .withPrimaryToSecondaryMapper((WebSocketRoute route) -> Set.of()),
                context);
    }

    /** The Service called {@code name}; empty if it does not exist. */
    static Optional<Service> service(Context<WebSocketRoute> context, String namespace, String name) {
        return source(context, Service.class, SERVICES).get(new ResourceID(name, namespace));
    }

    /** The Services of other namespaces that {@code grants} permit routes of {@code routeNamespace}. */
    static ForeignServices foreignServices(
            Context<WebSocketRoute> context, String routeNamespace, CurrentGrants grants) {
        return (namespace, name) -> {
            Set<GrantRef> permitting = grants.permitting(routeNamespace, namespace, name);
            return permitting.isEmpty()
                    ? new ForeignServices.Lookup.Denied(grants.denial(routeNamespace, namespace, name))
                    : new ForeignServices.Lookup.Permitted(service(context, namespace, name), permitting);
        };
    }

    /** The EndpointSlices of the Service {@code name}. */
    static List<EndpointSlice> slices(Context<WebSocketRoute> context, String namespace, String name) {
        return source(context, EndpointSlice.class, SLICES).byIndex(BY_SERVICE, key(namespace, name));
    }

    @SuppressWarnings("unchecked")
    private static <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> source(
            Context<WebSocketRoute> context, Class<R> type, String name) {
        return (InformerEventSource<R, WebSocketRoute>)
                context.eventSourceRetriever().getEventSourceFor(type, name);
    }

    static Set<ResourceID> namedServices(WebSocketRoute route) {
        return BackendReferences.namedServices(route).stream()
                .map(service -> new ResourceID(service.name(), service.namespace()))
                .collect(Collectors.toSet());
    }

    /** The Services that trigger a reconciliation of {@code route} when they or their endpoints change. */
    static List<String> keys(WebSocketRoute route) {
        String namespace = route.getMetadata().getNamespace();
        List<String> keys = new ArrayList<>();
        BackendReferences.endpointServices(route)
                .forEach(service -> keys.add(key(service.namespace(), service.name())));
        keys.add(key(namespace, OwnedNames.proxy(route.getMetadata().getName())));
        return keys;
    }

    private static Set<ResourceID> routesOf(IndexerResourceCache<WebSocketRoute> routes, String key) {
        return routes.byIndex(BY_SERVICE, key).stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    /** These routes, and those that ask the Service about requests because a policy says so. */
    private static Set<ResourceID> with(
            CurrentPolicies policies, String namespace, String service, Set<ResourceID> routes) {
        Set<ResourceID> asking = policies.routesAsking(namespace, service);
        if (asking.isEmpty()) {
            return routes;
        }
        Set<ResourceID> all = new HashSet<>(routes);
        all.addAll(asking);
        return all;
    }

    /** By its Service, and by the label of an owned Service that no route refers to any more: its slices copy the label. */
    static Set<ResourceID> routesOf(IndexerResourceCache<WebSocketRoute> routes, EndpointSlice slice) {
        Set<ResourceID> found = new HashSet<>();
        serviceOf(slice).ifPresent(key -> found.addAll(routesOf(routes, key)));
        Labels.routeOf(slice.getMetadata())
                .ifPresent(route ->
                        found.add(new ResourceID(route, slice.getMetadata().getNamespace())));
        return found;
    }

    private static Optional<String> serviceOf(EndpointSlice slice) {
        return Optional.ofNullable(slice.getMetadata().getLabels().get(Labels.SERVICE_NAME))
                .map(name -> key(slice.getMetadata().getNamespace(), name));
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
