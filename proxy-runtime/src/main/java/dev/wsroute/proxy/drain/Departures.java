package dev.wsroute.proxy.drain;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.BackendDrain;
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
 * Asks connections to leave when their endpoint or their route does, and for no other change: those that are open then,
 * and those whose handshake was under way, as soon as they are open. Lives on the control thread, but for {@link #opened}.
 */
public final class Departures implements EndpointListener {

    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private final ConnectionRegistry connections;
    private final Shedder shedder;
    private final Executor control;
    /** Who was asked, of those at an endpoint that left. Asking twice would crowd them at the window's beginning. */
    private final Map<Place, Set<LiveConnection>> left = new ConcurrentHashMap<>();

    private final Set<LiveConnection> askedForTheirRoute = identitySet();
    private final Map<RuleKey, Duration> windows = new HashMap<>();
    private Set<RuleKey> rules = Set.of();
    private Duration routeWindow = ProxyDrain.DEFAULT.over();
    private volatile Set<String> routes = Set.of();

    private record Place(SourceKey source, EndpointKey endpoint) {

        static Place of(LiveConnection connection) {
            return new Place(connection.source(), connection.endpoint());
        }
    }

    private record RuleKey(String route, String rule) {

        static RuleKey of(LiveConnection connection) {
            return new RuleKey(connection.route(), connection.rule());
        }
    }

    public Departures(ConnectionRegistry connections, Shedder shedder, Executor control) {
        this.connections = connections;
        this.shedder = shedder;
        this.control = control;
    }

    /** Takes note of the configuration that holds from now on; connections of routes that it lacks are to leave. */
    public void applied(ProxyConfig config) {
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
    }

    /** Hears of a connection that is open now and listed; on any thread. */
    public void opened(LiveConnection connection) {
        if (routes.contains(connection.route()) && !isLeft(connection)) {
            return;
        }
        try {
            control.execute(() -> late(connection));
        } catch (RejectedExecutionException e) {
            LOG.debug("A connection came after the end");
        }
    }

    private void late(LiveConnection connection) {
        if (!routes.contains(connection.route())) {
            shedOrphans(List.of(connection));
        } else if (isLeft(connection)) {
            shedFrom(Place.of(connection), List.of(connection));
        }
    }

    /** Where all endpoints are leaving, connections are made to them knowingly: those stay as long as they can. */
    private boolean isLeft(LiveConnection connection) {
        return !connection.toLeavingEndpoint() && left.containsKey(Place.of(connection));
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        endpoints.endpoints().stream()
                .filter(endpoint -> !endpoint.terminating())
                .forEach(endpoint -> left.remove(new Place(source, endpoint.key())));
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        Place place = new Place(source, endpoint);
        left.putIfAbsent(place, identitySet());
        shedFrom(place, connections.matching(connection -> Place.of(connection).equals(place)));
    }

    /**
     * Forgets endpoints that left and that no connection goes to any more, and what else only they needed.
     *
     * @param inUse whether connections, or handshakes under way, go to an endpoint
     */
    public void forget(Predicate<EndpointKey> inUse) {
        left.keySet().removeIf(place -> !inUse.test(place.endpoint()));
        Set<LiveConnection> live = identitySet();
        Set<RuleKey> needed = new HashSet<>(rules);
        for (LiveConnection connection : connections.matching(any -> true)) {
            live.add(connection);
            needed.add(RuleKey.of(connection));
        }
        askedForTheirRoute.retainAll(live);
        left.values().forEach(asked -> asked.retainAll(live));
        windows.keySet().retainAll(needed);
    }

    /** How many endpoints that left are remembered. */
    int remembered() {
        return left.size();
    }

    private void shedOrphans(List<LiveConnection> leaving) {
        shed(leaving, askedForTheirRoute, connection -> routeWindow, CloseReason.ROUTE_REMOVED);
    }

    private void shedFrom(Place place, List<LiveConnection> leaving) {
        Set<LiveConnection> asked = left.get(place);
        if (asked != null) {
            shed(
                    leaving,
                    asked,
                    connection -> windows.getOrDefault(RuleKey.of(connection), BackendDrain.DEFAULT.over()),
                    CloseReason.BACKEND_LEAVING);
        }
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
