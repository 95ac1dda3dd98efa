// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policies of the cluster, and what routes made of them. Thread-safe.
 *
 * <p>A rule has one policy: the one that names it goes before one that names only its route, and the oldest of equals counts. A
 * rule with access of its own has none. Whether a policy is valid makes no difference: if an invalid one stepped aside, a route would
 * have the access of another, or none, without anybody having said so.
 */
public final class CurrentPolicies {

    private final Map<ResourceID, AccessPolicy> policies = new HashMap<>();
    private final Map<Target, NavigableSet<AccessPolicy>> byTarget = new HashMap<>();
    private final Map<ResourceID, Set<ResourceID>> byRoute = new HashMap<>();
    private final Map<ResourceID, Set<ResourceID>> byService = new HashMap<>();
    private final Map<ResourceID, RouteAccess> accesses = new HashMap<>();
    private Consumer<ResourceID> changed = policy -> {};

    /** @param listener learns of policies whose status may be another now; must not block */
    synchronized void onChange(Consumer<ResourceID> listener) {
        changed = listener;
        policies.keySet().forEach(listener);
    }

    /**
     * Takes over the state of one policy.
     *
     * @param now null if it is gone
     * @return the routes whose access may be another now
     */
    synchronized Set<ResourceID> put(ResourceID id, @Nullable AccessPolicy now) {
        AccessPolicy before = now == null ? policies.remove(id) : policies.put(id, now);
        if (before != null) {
            targets(before).forEach(target -> remove(target, id, before));
            before.service().ifPresent(service -> remove(byService, service, id));
        }
        if (now != null) {
            targets(now).forEach(target -> add(target, id, now));
            now.service().ifPresent(service -> add(byService, service, id));
            changed.accept(id);
        }
        if (now == null ? before == null : now.saysTheSameAs(before)) {
            return Set.of();
        }
        Set<ResourceID> routes = new HashSet<>();
        for (AccessPolicy state : before == null ? List.of(Objects.requireNonNull(now)) : both(before, now)) {
            targets(state).forEach(target -> routes.add(target.routeId()));
        }
        routes.forEach(this::tellPoliciesOf);
        return routes;
    }

    private static List<AccessPolicy> both(AccessPolicy before, @Nullable AccessPolicy now) {
        return now == null ? List.of(before) : List.of(before, now);
    }

    private static List<Target> targets(AccessPolicy policy) {
        return policy.targets().stream()
                .filter(Target::isSupported)
                .map(ref -> Target.of(policy.namespace(), ref))
                .distinct()
                .toList();
    }

    private void add(Target target, ResourceID id, AccessPolicy policy) {
        byTarget.computeIfAbsent(target, same -> new TreeSet<>()).add(policy);
        add(byRoute, target.routeId(), id);
    }

    private static void add(Map<ResourceID, Set<ResourceID>> index, ResourceID key, ResourceID policy) {
        index.computeIfAbsent(key, same -> new HashSet<>()).add(policy);
    }

    private static void remove(Map<ResourceID, Set<ResourceID>> index, ResourceID key, ResourceID policy) {
        index.computeIfPresent(key, (same, all) -> all.remove(policy) && all.isEmpty() ? null : all);
    }

    private void remove(Target target, ResourceID id, AccessPolicy policy) {
        byTarget.computeIfPresent(target, (same, all) -> all.remove(policy) && all.isEmpty() ? null : all);
        remove(byRoute, target.routeId(), id);
    }

    private void tellPoliciesOf(ResourceID route) {
        byRoute.getOrDefault(route, Set.of()).forEach(changed);
    }

    /** Forgets the policies that are not among these, given as {@code namespace/name}. */
    synchronized void retain(Set<String> keys) {
        List.copyOf(policies.keySet()).stream()
                .filter(id -> !keys.contains(id.getNamespace().orElse("") + "/" + id.getName()))
                .forEach(id -> put(id, null));
    }

    /** The routes that policies are about. */
    synchronized Set<ResourceID> routes() {
        return Set.copyOf(byRoute.keySet());
    }

    /** The routes whose policies ask this Service about requests. */
    public synchronized Set<ResourceID> routesAsking(String namespace, String service) {
        return byService.getOrDefault(new ResourceID(service, namespace), Set.of()).stream()
                .map(policies::get)
                .filter(Objects::nonNull)
                .flatMap(policy -> targets(policy).stream())
                .map(Target::routeId)
                .collect(Collectors.toSet());
    }

    synchronized Optional<AccessPolicy> policy(ResourceID id) {
        return Optional.ofNullable(policies.get(id));
    }

    /** The policy that counts for the target. */
    synchronized Optional<AccessPolicy> inForce(Target target) {
        return Optional.ofNullable(byTarget.get(target)).map(NavigableSet::first);
    }

    /** What {@link #applyTo} last found out about the route; empty if no policy is about it. */
    public synchronized Optional<RouteAccess> accessOf(ResourceID route) {
        return Optional.ofNullable(accesses.get(route));
    }

    /** Forgets a route that was deleted. */
    public synchronized void forget(WebSocketRoute route) {
        ResourceID id = ResourceID.fromResource(route);
        accesses.remove(id);
        tellPoliciesOf(id);
    }

    /** The route with the access of its policies: itself if no policy is about it. */
    public synchronized WebSocketRoute applyTo(WebSocketRoute route) {
        ResourceID id = ResourceID.fromResource(route);
        WebSocketRouteSpec spec = route.getSpec();
        if (!byRoute.containsKey(id) || spec == null) {
            accesses.remove(id);
            return route;
        }
        Map<String, String> sources = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        List<RouteRule> rules = new ArrayList<>();
        for (RouteRule rule : spec.rules()) {
            Optional<AccessPolicy> policy = rule.access() == null ? policyOf(id, rule) : Optional.empty();
            sources.put(
                    rule.name(),
                    policy.map(AccessPolicy::name).orElse(rule.access() == null ? RouteAccess.NONE : RouteAccess.OWN));
            policy.filter(one -> one.access() == null)
                    .ifPresent(one ->
                            one.problems().forEach(problem -> problems.add(RouteAccess.of(one.name(), problem))));
            rules.add(policy.map(one -> rule.withAccess(one.access())).orElse(rule));
        }
        RouteAccess access =
                new RouteAccess(sources, problems.stream().distinct().toList());
        if (!access.equals(accesses.put(id, access))) {
            tellPoliciesOf(id);
        }
        return access.byPolicy().isEmpty() ? route : with(rules, route);
    }

    private Optional<AccessPolicy> policyOf(ResourceID route, RouteRule rule) {
        String namespace = route.getNamespace().orElse("");
        return inForce(new Target(namespace, route.getName(), rule.name()))
                .or(() -> inForce(new Target(namespace, route.getName(), null)));
    }

    private static WebSocketRoute with(List<RouteRule> rules, WebSocketRoute route) {
        WebSocketRoute copy = new WebSocketRoute();
        copy.setMetadata(route.getMetadata());
        copy.setSpec(route.getSpec().withRules(rules));
        copy.setStatus(route.getStatus());
        return copy;
    }
}
