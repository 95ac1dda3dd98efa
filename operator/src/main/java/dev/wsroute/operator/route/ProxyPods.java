// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.Caches;
import dev.wsroute.operator.resources.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Watches the proxies' pods to explain why some do not run; which of them are ready is in the EndpointSlices. Only these
 * reasons are cached, so a pod that runs well triggers no reconciliation.
 */
final class ProxyPods {

    private static final String PODS = "proxy-pods";
    private static final String BY_ROUTE = "by-route";

    private ProxyPods() {}

    static EventSource<?, WebSocketRoute> eventSource(EventSourceContext<WebSocketRoute> context, Caches caches) {
        InformerEventSource<Pod, WebSocketRoute> pods = caches.listed(
                Pod.class,
                Caches.PAGE,
                InformerEventSourceConfiguration.from(Pod.class, WebSocketRoute.class)
                        .withName(PODS)
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Labels.OWNED)
                        .withOnUpdateFilter((pod, before) -> !Objects.equals(pod.getStatus(), before.getStatus()))
                        .withSecondaryToPrimaryMapper(ProxyPods::routesOf)
                        // Pods have generated names, so they are looked up by their label.
                        .withPrimaryToSecondaryMapper((WebSocketRoute route) -> Set.of()),
                context);
        pods.addIndexers(Map.of(
                BY_ROUTE,
                pod -> Labels.routeOf(pod.getMetadata()).stream()
                        .map(route -> key(pod.getMetadata().getNamespace(), route))
                        .toList()));
        return pods;
    }

    /** The pods that have the label of the route {@code name}, whoever created them. */
    @SuppressWarnings("unchecked")
    static List<Pod> of(String namespace, String name, Context<WebSocketRoute> context) {
        var pods = (InformerEventSource<Pod, WebSocketRoute>)
                context.eventSourceRetriever().getEventSourceFor(Pod.class, PODS);
        return pods.byIndex(BY_ROUTE, key(namespace, name));
    }

    private static Set<ResourceID> routesOf(Pod pod) {
        return Labels.routeOf(pod.getMetadata())
                .map(route -> Set.of(new ResourceID(route, pod.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    private static String key(String namespace, String route) {
        return namespace + "/" + route;
    }
}
