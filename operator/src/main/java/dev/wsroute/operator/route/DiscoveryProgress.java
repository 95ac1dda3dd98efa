package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.HeadlessService;
import dev.wsroute.operator.resources.BackendDiscoveryServices;
import dev.wsroute.operator.resources.Discovery;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Observes the Services that find the pods of selectors, and says how long the configuration waits for them. */
final class DiscoveryProgress {

    private final SliceWait wait;

    DiscoveryProgress(SliceWait wait) {
        this.wait = wait;
    }

    /**
     * What is found.
     *
     * @param discovery what the caches hold of the Services
     * @param recheck when to look again, though nothing happens; zero: never
     */
    record Progress(Discovery discovery, Duration recheck) {}

    Progress of(WebSocketRoute route, Compiled compiled, Context<WebSocketRoute> context) {
        String namespace = route.getMetadata().getNamespace();
        Set<String> missing = compiled.headlessServices().stream()
                .map(HeadlessService::name)
                .filter(name -> BackendWatches.slices(context, namespace, name).isEmpty())
                .collect(Collectors.toSet());
        Duration left = wait.left(route.getMetadata().getUid(), missing);
        Set<String> populated = BackendDiscoveryServices.names(route, context).stream()
                .filter(name -> holdsEndpoints(BackendWatches.slices(context, namespace, name)))
                .collect(Collectors.toSet());
        return new Progress(new Discovery(populated, left.isZero()), left);
    }

    private static boolean holdsEndpoints(List<EndpointSlice> slices) {
        return slices.stream()
                .anyMatch(slice ->
                        slice.getEndpoints() != null && !slice.getEndpoints().isEmpty());
    }
}
