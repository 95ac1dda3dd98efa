package dev.wsroute.proxy.routing;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.BackendDrain;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.Shedder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks connections to leave when their endpoint or their route does, and for no other change. Lives on the control
 * thread.
 */
public final class Departures implements EndpointListener {

    private final ConnectionRegistry connections;
    private final Shedder shedder;
    private final Map<SourceKey, Set<Use>> uses = new HashMap<>();
    private final Map<RuleKey, Duration> windows = new HashMap<>();
    private Set<String> routes = Set.of();

    private record Use(String route, String backend) {}

    private record RuleKey(String route, String rule) {}

    public Departures(ConnectionRegistry connections, Shedder shedder) {
        this.connections = connections;
        this.shedder = shedder;
    }

    /** Takes note of the configuration that holds from now on; connections of routes that it lacks are to leave. */
    public void applied(ProxyConfig config) {
        Set<String> now = config.routes().stream().map(RouteConfig::name).collect(Collectors.toSet());
        Set<String> removed = new HashSet<>(routes);
        removed.removeAll(now);
        routes = now;
        for (RouteConfig route : config.routes()) {
            for (RuleConfig rule : route.rules()) {
                windows.put(new RuleKey(route.name(), rule.name()), rule.drain().over());
                for (BackendConfig backend : rule.backends()) {
                    uses.computeIfAbsent(SourceKey.of(route.name(), rule.name(), backend), key -> new HashSet<>())
                            .add(new Use(route.name(), backend.name()));
                }
            }
        }
        windows.keySet().removeIf(rule -> !now.contains(rule.route()));
        uses.values().forEach(of -> of.removeIf(use -> !now.contains(use.route())));
        uses.values().removeIf(Set::isEmpty);
        if (!removed.isEmpty()) {
            shed(
                    connections.matching(connection -> removed.contains(connection.route())),
                    CloseReason.ROUTE_REMOVED,
                    config.drain().over());
        }
    }

    /**
     * Sources that must stay watched: those of the newest configuration are known to the caller, these are the ones
     * that an edit left behind while connections still go to them. What they no longer need is forgotten.
     */
    public Set<SourceKey> stillNeeded(Set<SourceKey> current) {
        Set<Use> live = new HashSet<>();
        connections.matching(connection -> live.add(new Use(connection.route(), connection.backend())));
        uses.entrySet()
                .removeIf(entry -> !current.contains(entry.getKey())
                        && entry.getValue().stream().noneMatch(live::contains));
        return Set.copyOf(uses.keySet());
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        // New connections follow the set; live ones go only when their endpoint leaves.
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        Set<Use> users = uses.getOrDefault(source, Set.of());
        Map<Duration, List<LiveConnection>> byWindow = connections
                .matching(connection -> connection.endpoint().equals(endpoint)
                        && users.contains(new Use(connection.route(), connection.backend())))
                .stream()
                .collect(Collectors.groupingBy(connection -> windows.getOrDefault(
                        new RuleKey(connection.route(), connection.rule()), BackendDrain.DEFAULT.over())));
        byWindow.forEach((over, leaving) -> shed(leaving, CloseReason.BACKEND_LEAVING, over));
    }

    private void shed(List<LiveConnection> leaving, CloseReason reason, Duration over) {
        if (!leaving.isEmpty()) {
            shedder.shed(leaving, reason, over);
        }
    }
}
