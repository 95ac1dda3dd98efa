package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.resources.Names;
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
 * Takes the reports of pods that are gone out of the report ConfigMap. A pod counts as gone when no EndpointSlice of the
 * proxies holds it and the API does not know it either: a fresh pod reports before the slices have it.
 */
final class ReportCleanup {

    private static final Logger LOG = LoggerFactory.getLogger(ReportCleanup.class);
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    /** A compromised proxy can write thousands of reports again and again: this bounds their cost. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final int MOST_AT_ONCE = 10_000;

    private final Clock clock;
    private final Map<String, Instant> lately = new ConcurrentHashMap<>();

    ReportCleanup(Clock clock) {
        this.clock = clock;
    }

    /** @return when to reconcile again even if nothing happens; zero: never */
    Duration removeGone(WebSocketRoute route, Observation observed, KubernetesClient client) {
        String proxy = Names.proxy(route.getMetadata().getName());
        NavigableSet<String> foreign = ProxyReports.keysOfNoPod(observed, proxy);
        NavigableSet<String> unknown = ProxyReports.podsWithoutEndpoint(observed, proxy);
        if (foreign.isEmpty() && unknown.isEmpty()) {
            return Duration.ZERO;
        }
        Duration left = untilNext(route.getMetadata().getUid());
        if (!left.isZero()) {
            return left;
        }
        lately.put(route.getMetadata().getUid(), clock.instant());
        int asked = ProxyReports.mostUnknown(ProxyModel.replicas(
                route.getSpec() == null ? null : route.getSpec().proxy()));
        String namespace = route.getMetadata().getNamespace();
        NavigableSet<String> gone = Stream.of(
                        unknown.stream()
                                .limit(asked)
                                .filter(pod -> isGone(client.pods()
                                        .inNamespace(namespace)
                                        .withName(pod)
                                        .get())),
                        // No route has this many pods, so the API need not be asked for them.
                        unknown.stream().skip(asked),
                        foreign.stream())
                .flatMap(Function.identity())
                .limit(MOST_AT_ONCE)
                .collect(Collectors.toCollection(TreeSet::new));
        if (gone.isEmpty()) {
            return Duration.ZERO;
        }
        LOG.info("Removing {} reports of proxies that are gone, the first of {}", gone.size(), gone.first());
        remove(namespace, Names.report(route.getMetadata().getName()), gone, client);
        return Duration.ZERO;
    }

    private Duration untilNext(String uid) {
        Instant now = clock.instant();
        lately.values().removeIf(last -> !last.plus(INTERVAL).isAfter(now));
        Instant last = lately.get(uid);
        return last == null ? Duration.ZERO : Duration.between(now, last.plus(INTERVAL));
    }

    private static void remove(String namespace, String map, Set<String> gone, KubernetesClient client) {
        client.configMaps()
                .inNamespace(namespace)
                .withName(map)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(Names.FIELD_MANAGER)
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
