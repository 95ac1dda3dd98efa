// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.BackendDrain;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains connections when their endpoint, their route or their backend in another namespace is removed, and on no other change.
 * Connections whose handshake is in progress are closed as soon as they are open. Confined to the control thread, except {@link #opened}.
 */
public final class ConnectionDrainer implements EndpointListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionDrainer.class);

    private final ConnectionRegistry connections;
    private final Shedder shedder;
    private final Executor control;
    /**
     * Connections of drained endpoints that were already scheduled. Scheduling them twice would close too many at the
     * start of the window.
     */
    private final Map<EndpointOfSource, Set<LiveConnection>> left = new ConcurrentHashMap<>();

    private final Set<LiveConnection> askedForTheirRoute = identitySet();
    private final Set<LiveConnection> askedForTheirBackend = identitySet();
    private final Map<RuleKey, Duration> windows = new HashMap<>();
    private Set<RuleKey> rules = Set.of();
    private Duration routeWindow = ProxyDrain.DEFAULT.over();
    private volatile Set<String> routes = Set.of();
    private volatile BackendsElsewhere elsewhere = BackendsElsewhere.NONE;

    private record EndpointOfSource(SourceKey source, EndpointKey endpoint) {

        static EndpointOfSource of(LiveConnection connection) {
            return new EndpointOfSource(connection.source(), connection.endpoint());
        }
    }

    private record RuleKey(String route, String rule) {

        static RuleKey of(LiveConnection connection) {
            return new RuleKey(connection.route(), connection.rule());
        }
    }

    public ConnectionDrainer(ConnectionRegistry connections, Shedder shedder, Executor control) {
        this.connections = connections;
        this.shedder = shedder;
        this.control = control;
    }

    /** A configuration was applied: drains connections of routes, and to backends in other namespaces, that it no longer has. */
    public void applied(ProxyConfig config) {
        assert ThreadRules.on(control);
        Set<String> now = config.routes().stream().map(RouteConfig::name).collect(Collectors.toSet());
        boolean removed = !now.containsAll(routes);
        routes = now;
        routeWindow = config.drain().over();
        rules = new HashSet<>();
        for (RouteConfig route : config.routes()) {
            for (RuleConfig rule : route.rules()) {
                RuleKey key = new RuleKey(route.name(), rule.name());
                rules.add(key);
                windows.put(key, rule.drain().over());
            }
        }
        if (removed) {
            shedOrphans(connections.matching(connection -> !now.contains(connection.route())));
        }
        BackendsElsewhere before = elsewhere;
        BackendsElsewhere after = BackendsElsewhere.of(config);
        elsewhere = after;
        if (!after.named().containsAll(before.named())) {
            shedUnpermitted(
                    connections.matching(connection -> now.contains(connection.route()) && !after.permit(connection)));
        }
    }

    /** A connection was opened and registered. May be called on any thread. */
    public void opened(LiveConnection connection) {
        if (routes.contains(connection.route()) && !isLeft(connection) && elsewhere.permit(connection)) {
            return;
        }
        try {
            control.execute(() -> late(connection));
        } catch (RejectedExecutionException e) {
            LOG.debug("Ignoring a new connection after shutdown");
        }
    }

    private void late(LiveConnection connection) {
        if (!routes.contains(connection.route())) {
            shedOrphans(List.of(connection));
        } else if (!elsewhere.permit(connection)) {
            shedUnpermitted(List.of(connection));
        } else if (isLeft(connection)) {
            shedFrom(EndpointOfSource.of(connection), List.of(connection));
        }
    }

    /** If all endpoints are terminating, new connections still go to them. Those stay open as long as possible. */
    private boolean isLeft(LiveConnection connection) {
        return !connection.toLeavingEndpoint() && left.containsKey(EndpointOfSource.of(connection));
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        assert ThreadRules.on(control);
        endpoints.endpoints().stream()
                .filter(endpoint -> !endpoint.terminating())
                .forEach(endpoint -> left.remove(new EndpointOfSource(source, endpoint.key())));
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        assert ThreadRules.on(control);
        EndpointOfSource key = new EndpointOfSource(source, endpoint);
        left.putIfAbsent(key, identitySet());
        shedFrom(
                key,
                connections.matching(
                        connection -> EndpointOfSource.of(connection).equals(key)));
    }

    /**
     * Forgets drained endpoints without connections, and their state.
     *
     * @param inUse whether an endpoint has connections or handshakes in progress
     */
    public void forget(Predicate<EndpointKey> inUse) {
        left.keySet().removeIf(key -> !inUse.test(key.endpoint()));
        Set<LiveConnection> live = identitySet();
        Set<RuleKey> needed = new HashSet<>(rules);
        for (LiveConnection connection : connections.matching(any -> true)) {
            live.add(connection);
            needed.add(RuleKey.of(connection));
        }
        askedForTheirRoute.retainAll(live);
        askedForTheirBackend.retainAll(live);
        left.values().forEach(asked -> asked.retainAll(live));
        windows.keySet().retainAll(needed);
    }

    /** Number of drained endpoints that are remembered. */
    int remembered() {
        return left.size();
    }

    private void shedOrphans(List<LiveConnection> leaving) {
        shed(leaving, askedForTheirRoute, connection -> routeWindow, CloseReason.ROUTE_REMOVED);
    }

    private void shedUnpermitted(List<LiveConnection> leaving) {
        shed(leaving, askedForTheirBackend, this::windowOf, CloseReason.BACKEND_LEAVING);
    }

    private void shedFrom(EndpointOfSource key, List<LiveConnection> leaving) {
        Set<LiveConnection> asked = left.get(key);
        if (asked != null) {
            shed(leaving, asked, this::windowOf, CloseReason.BACKEND_LEAVING);
        }
    }

    private Duration windowOf(LiveConnection connection) {
        return windows.getOrDefault(RuleKey.of(connection), BackendDrain.DEFAULT.over());
    }

    private void shed(
            List<LiveConnection> leaving,
            Set<LiveConnection> asked,
            Function<LiveConnection, Duration> window,
            CloseReason reason) {
        leaving.stream()
                .filter(asked::add)
                .collect(Collectors.groupingBy(window))
                .forEach((over, together) -> shedder.shed(together, reason, over));
    }

    private static Set<LiveConnection> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
