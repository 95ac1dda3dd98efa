// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.ProxyModel;
import dev.wsroute.operator.status.Observation;
import dev.wsroute.operator.status.ProxyReports;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the reports of deleted pods from the report ConfigMap. A pod counts as deleted if no EndpointSlice of the proxies
 * lists it and the API does not return it either: a new pod reports before it appears in a slice.
 */
final class ReportCleanup {

    private static final Logger LOG = LoggerFactory.getLogger(ReportCleanup.class);
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    /** A compromised proxy can write thousands of reports repeatedly; this bounds their cost. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final int MAX_REMOVED = 10_000;

    private final Clock clock;
    private final Map<String, Instant> lastCleanup = new ConcurrentHashMap<>();

    ReportCleanup(Clock clock) {
        this.clock = clock;
    }

    /** @return when to reconcile again even if no event arrives; zero: never */
    Duration removeStale(WebSocketRoute route, Observation observed, KubernetesClient client) {
        String proxy = OwnedNames.proxy(route.getMetadata().getName());
        NavigableSet<String> foreign = ProxyReports.keysWithoutPod(observed, proxy);
        NavigableSet<String> unknown = ProxyReports.podsWithoutEndpoint(observed, proxy);
        if (foreign.isEmpty() && unknown.isEmpty()) {
            return Duration.ZERO;
        }
        Duration left = untilNext(route.getMetadata().getUid());
        if (!left.isZero()) {
            return left;
        }
        lastCleanup.put(route.getMetadata().getUid(), clock.instant());
        int lookups = ProxyReports.maxUnknown(ProxyModel.mostReplicas(
                route.getSpec() == null ? null : route.getSpec().proxy()));
        String namespace = route.getMetadata().getNamespace();
        NavigableSet<String> gone = Stream.of(
                        unknown.stream()
                                .limit(lookups)
                                .filter(pod -> isGone(client.pods()
                                        .inNamespace(namespace)
                                        .withName(pod)
                                        .get())),
                        // No route has this many pods, so there is no need to ask the API for them.
                        unknown.stream().skip(lookups),
                        foreign.stream())
                .flatMap(Function.identity())
                .limit(MAX_REMOVED)
                .collect(Collectors.toCollection(TreeSet::new));
        if (gone.isEmpty()) {
            return Duration.ZERO;
        }
        LOG.info("Removing the reports of {} deleted proxies, starting with {}", gone.size(), gone.first());
        remove(namespace, OwnedNames.report(route.getMetadata().getName()), gone, client);
        return Duration.ZERO;
    }

    private Duration untilNext(String uid) {
        Instant now = clock.instant();
        lastCleanup.values().removeIf(last -> !last.plus(INTERVAL).isAfter(now));
        Instant last = lastCleanup.get(uid);
        return last == null ? Duration.ZERO : Duration.between(now, last.plus(INTERVAL));
    }

    private static void remove(String namespace, String map, Set<String> gone, KubernetesClient client) {
        client.configMaps()
                .inNamespace(namespace)
                .withName(map)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(OwnedNames.FIELD_MANAGER)
                                .build(),
                        gone.stream()
                                .map(pod -> "\"" + pod + "\":null")
                                .collect(Collectors.joining(",", "{\"data\":{", "}}")));
    }

    private static boolean isGone(@Nullable Pod pod) {
        return pod == null
                || (pod.getStatus() != null
                        && ENDED.contains(
                                Objects.requireNonNullElse(pod.getStatus().getPhase(), "")));
    }
}
