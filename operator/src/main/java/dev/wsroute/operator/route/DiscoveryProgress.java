// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.HeadlessService;
import dev.wsroute.operator.resources.BackendDiscoveryServices;
import dev.wsroute.operator.resources.DiscoveryState;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Observes the headless Services of pod selectors, and decides how long the configuration waits for their slices. */
final class DiscoveryProgress {

    private final SliceWait wait;

    DiscoveryProgress(SliceWait wait) {
        this.wait = wait;
    }

    /**
     * The result.
     *
     * @param discovery state of the Services, by the caches
     * @param recheck when to reconcile again even if no event arrives; zero: never
     */
    record Progress(DiscoveryState discovery, Duration recheck) {}

    Progress of(WebSocketRoute route, Compiled compiled, Context<WebSocketRoute> context) {
        String namespace = route.getMetadata().getNamespace();
        Set<String> missing = compiled.headlessServices().stream()
                .map(HeadlessService::name)
                .filter(name -> BackendWatches.slices(context, namespace, name).isEmpty())
                .collect(Collectors.toSet());
        Duration left = wait.remaining(route.getMetadata().getUid(), missing);
        Set<String> populated = BackendDiscoveryServices.names(route, context).stream()
                .filter(name -> holdsEndpoints(BackendWatches.slices(context, namespace, name)))
                .collect(Collectors.toSet());
        return new Progress(new DiscoveryState(populated, left.isZero()), left);
    }

    private static boolean holdsEndpoints(List<EndpointSlice> slices) {
        return slices.stream()
                .anyMatch(slice ->
                        slice.getEndpoints() != null && !slice.getEndpoints().isEmpty());
    }
}
