// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Autoscaling;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.scaling.LowLoad;
import dev.wsroute.operator.scaling.ProxyLoad;
import dev.wsroute.operator.scaling.ProxyLoad.Freshness;
import dev.wsroute.operator.scaling.ReportAges;
import dev.wsroute.operator.scaling.Scaler;
import dev.wsroute.operator.scaling.Scaling;
import dev.wsroute.operator.scaling.ScalingDecision;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import dev.wsroute.operator.scaling.ScalingFacts;
import dev.wsroute.operator.scaling.ScalingObserver;
import dev.wsroute.operator.scaling.ScalingRules;
import dev.wsroute.operator.status.Observation;
import dev.wsroute.operator.status.ProxyNames;
import dev.wsroute.operator.status.ProxyReports;
import dev.wsroute.operator.status.RolloutProgress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how many proxies the routes with autoscaling get. What was decided is in Kubernetes: a new operator continues with the
 * number of replicas of the Deployment and the status, never with the minimum. What was observed is in memory only: a new
 * operator has to see for itself that fewer proxies are enough before one ends.
 */
public final class Autoscaler {

    private static final Logger LOG = LoggerFactory.getLogger(Autoscaler.class);

    /** A route with autoscaling is reconciled far more often. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

    /** For so long, proxies report a minute in which they did the handshakes of another one's clients. */
    private static final Duration RECONNECTING = Duration.ofMinutes(2);

    private final Clock clock;
    private final ScalingObserver observer;
    private final RouteEvents events;
    private final Map<String, Memory> routes = new ConcurrentHashMap<>();

    /**
     * @param ages used by the thread that reconciles the route only
     * @param left when a proxy was last seen shutting down; null if none was
     */
    private record Memory(
            int desired,
            @Nullable ScalingDecision last,
            ReportAges ages,
            @Nullable Instant left,
            Instant at) {}

    public Autoscaler(Clock clock, ScalingObserver observer) {
        this.clock = clock;
        this.observer = observer;
        this.events = new RouteEvents(clock);
        observer.watch(
                () -> count(last -> true),
                () -> count(ScalingDecision::isLimited),
                () -> count(last -> last.state() == State.ReportsStale));
    }

    /** Decides anew; empty for a route that others scale. */
    Optional<ScalingDecision> decide(WebSocketRoute route, Observation observed, KubernetesClient client) {
        Optional<ScalingRules> rules = Autoscaling.of(route.getSpec());
        String uid = route.getMetadata().getUid();
        if (rules.isEmpty()) {
            routes.remove(uid);
            return Optional.empty();
        }
        Memory before = routes.get(uid);
        int current = before == null ? beginning(route, observed, rules.get()) : before.desired();
        ReportAges ages = before == null ? new ReportAges() : before.ages();
        LowLoad low =
                before == null || before.last() == null ? null : before.last().low();
        Instant left = !ProxyNames.leaving(observed.proxies()).isEmpty()
                ? clock.instant()
                : before == null ? null : before.left();
        List<ProxyLoad> proxies = loads(route, observed, rules.get(), ages);
        ScalingDecision decision = Scaler.decide(new ScalingFacts(
                rules.get(),
                Autoscaling.cpuPerProxy(route.getSpec(), rules.get()),
                left != null && Duration.between(left, clock.instant()).compareTo(RECONNECTING) <= 0,
                current,
                proxies,
                busy(observed, current),
                low,
                clock.instant()));
        if (decision.desired() < current) {
            decision = choose(route, current, decision, proxies, client);
        }
        routes.put(uid, new Memory(decision.desired(), decision, ages, left, clock.instant()));
        publish(route, before == null, current, decision, client);
        return Optional.of(decision);
    }

    /** Called when {@code route} was deleted. */
    void forget(WebSocketRoute route) {
        routes.remove(route.getMetadata().getUid());
    }

    /** What was decided last; null for a route that others scale. */
    @Nullable Scaling last(WebSocketRoute route, Observation observed) {
        Optional<ScalingRules> rules = Autoscaling.of(route.getSpec());
        if (rules.isEmpty()) {
            return null;
        }
        Memory memory = routes.get(route.getMetadata().getUid());
        return memory == null
                ? new Scaling(beginning(route, observed, rules.get()), null)
                : new Scaling(memory.desired(), memory.last());
    }

    /**
     * The number of proxies to start from. The larger one: the Deployment is written before the status, and whoever scales the
     * Deployment down has not asked its clients.
     */
    private static int beginning(WebSocketRoute route, Observation observed, ScalingRules rules) {
        int ofStatus = route.getStatus() == null || route.getStatus().proxies() == null
                ? 0
                : route.getStatus().proxies().desired();
        int ofDeployment =
                observed.deployment() == null || observed.deployment().getSpec().getReplicas() == null
                        ? 0
                        : observed.deployment().getSpec().getReplicas();
        int known = Math.max(ofStatus, ofDeployment);
        return known == 0 ? rules.minReplicas() : known;
    }

    private List<ProxyLoad> loads(WebSocketRoute route, Observation observed, ScalingRules rules, ReportAges ages) {
        Instant now = clock.instant();
        String proxy = OwnedNames.proxy(route.getMetadata().getName());
        List<ProxyLoad> loads = ProxyReports.in(observed, proxy, rules.maxReplicas())
                .loads(observed, (pod, sequence) -> ages.of(pod, sequence, now, rules.staleAfter()));
        ages.retain(loads.stream().map(ProxyLoad::pod).collect(Collectors.toSet()));
        return loads;
    }

    private static @Nullable String busy(Observation observed, int current) {
        Set<String> leaving = ProxyNames.leaving(observed.proxies());
        if (!leaving.isEmpty()) {
            return leaving.size() == 1 ? "a proxy is shutting down." : leaving.size() + " proxies are shutting down.";
        }
        if (RolloutProgress.isOfOneRevision(observed.deployment())) {
            // Kubernetes deletes pods that are not ready first; one that cannot start keeps no other for good.
            return null;
        }
        return RolloutProgress.pending(observed.deployment(), current, observed.pods())
                .map(RolloutProgress.Pending::sentence)
                .orElse(null);
    }

    /** Makes the emptiest proxies those that end. If that fails, none ends: it could be the fullest. */
    private static ScalingDecision choose(
            WebSocketRoute route,
            int current,
            ScalingDecision decision,
            List<ProxyLoad> proxies,
            KubernetesClient client) {
        List<ProxyLoad> emptiest = proxies.stream()
                .filter(proxy -> proxy.freshness() != Freshness.LEAVING)
                .sorted(Comparator.comparingLong(ProxyLoad::connections).thenComparing(ProxyLoad::pod))
                .limit(current - decision.desired())
                .toList();
        try {
            DeletionCosts.lower(route, emptiest.stream().map(ProxyLoad::pod).collect(Collectors.toSet()), client);
            return decision;
        } catch (KubernetesClientException e) {
            LOG.warn("No proxy ends, since the emptiest one cannot be marked: {}", e.getMessage());
            return decision.postponed(
                    current,
                    State.ScaleDownFailed,
                    "No proxy ends, since the annotation " + DeletionCosts.ANNOTATION
                            + " of the emptiest one cannot be set: "
                            + ApplyFailures.outcome(e).sentence());
        }
    }

    private void publish(
            WebSocketRoute route, boolean first, int from, ScalingDecision decision, KubernetesClient client) {
        boolean isNew = first && route.getStatus() == null;
        if (decision.desired() != from && !isNew) {
            String reason = decision.desired() > from ? "ScaledUp" : "ScaledDown";
            String sentence = "From " + from + " to " + decision.sentence();
            LOG.info("{}: {}", reason, sentence);
            events.write(route, "Scaling", false, reason, sentence, client);
            observer.scaled(from, decision.desired());
        }
    }

    private int count(Predicate<ScalingDecision> which) {
        // A route that was deleted during its reconciliation comes back into the map.
        Instant oldest = clock.instant().minus(FORGOTTEN_AFTER);
        routes.values().removeIf(memory -> memory.at().isBefore(oldest));
        return (int) routes.values().stream()
                .map(Memory::last)
                .filter(last -> last != null && which.test(last))
                .count();
    }
}
