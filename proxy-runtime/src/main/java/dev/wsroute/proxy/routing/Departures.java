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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks connections to leave when their endpoint or their route does, and for no other change. Lives on the control
 * thread.
 */
public final class Departures implements EndpointListener {

    /** When handshakes that were under way are through: most of them, and those that took as long as they may. */
    private static final List<Duration> LATECOMERS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(20));

    private final ConnectionRegistry connections;
    private final Shedder shedder;
    private final ScheduledExecutorService control;
    private final Map<SourceKey, Set<Use>> uses = new HashMap<>();
    private final Map<RuleKey, Duration> windows = new HashMap<>();
    private final Map<SourceKey, Set<EndpointKey>> left = new HashMap<>();
    private Set<String> routes = Set.of();

    /** A backend's name is its own within its rule only. */
    private record Use(String route, String rule, String backend) {}

    private record RuleKey(String route, String rule) {}

    public Departures(ConnectionRegistry connections, Shedder shedder, ScheduledExecutorService control) {
        this.connections = connections;
        this.shedder = shedder;
        this.control = control;
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
                            .add(new Use(route.name(), rule.name(), backend.name()));
                }
            }
        }
        windows.keySet().removeIf(rule -> !now.contains(rule.route()));
        uses.values().forEach(of -> of.removeIf(use -> !now.contains(use.route())));
        uses.values().removeIf(Set::isEmpty);
        for (String route : removed) {
            shed(
                    connection -> connection.route().equals(route) && !routes.contains(route),
                    connection -> config.drain().over(),
                    CloseReason.ROUTE_REMOVED);
        }
    }

    /**
     * Sources that must stay watched: those of the newest configuration are known to the caller, these are the ones
     * that an edit left behind while connections still go to them. What they no longer need is forgotten.
     */
    public Set<SourceKey> stillNeeded(Set<SourceKey> current) {
        Set<Use> live = new HashSet<>();
        connections.matching(
                connection -> live.add(new Use(connection.route(), connection.rule(), connection.backend())));
        uses.entrySet()
                .removeIf(entry -> !current.contains(entry.getKey())
                        && entry.getValue().stream().noneMatch(live::contains));
        left.keySet().retainAll(uses.keySet());
        return Set.copyOf(uses.keySet());
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        Set<EndpointKey> gone = left.get(source);
        if (gone != null) {
            endpoints.endpoints().stream()
                    .filter(endpoint -> !endpoint.terminating())
                    .forEach(endpoint -> gone.remove(endpoint.key()));
        }
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        Set<Use> users = Set.copyOf(uses.getOrDefault(source, Set.of()));
        Set<EndpointKey> gone = left.computeIfAbsent(source, key -> new HashSet<>());
        gone.add(endpoint);
        shed(
                connection -> gone.contains(endpoint)
                        && connection.endpoint().equals(endpoint)
                        && users.contains(new Use(connection.route(), connection.rule(), connection.backend())),
                connection -> windows.getOrDefault(
                        new RuleKey(connection.route(), connection.rule()), BackendDrain.DEFAULT.over()),
                CloseReason.BACKEND_LEAVING);
    }

    /**
     * Asks those that are open now, and those that were being opened: a handshake under way is in no list yet. Who was
     * asked is not asked again, since asking everybody twice would crowd them at the beginning of the window.
     */
    private void shed(Predicate<LiveConnection> who, Function<LiveConnection, Duration> window, CloseReason reason) {
        Set<LiveConnection> asked = Collections.newSetFromMap(new IdentityHashMap<>());
        pass(who, window, reason, asked);
        for (Duration later : LATECOMERS) {
            control.schedule(() -> pass(who, window, reason, asked), later.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pass(
            Predicate<LiveConnection> who,
            Function<LiveConnection, Duration> window,
            CloseReason reason,
            Set<LiveConnection> asked) {
        Map<Duration, List<LiveConnection>> byWindow =
                connections.matching(who).stream().filter(asked::add).collect(Collectors.groupingBy(window));
        byWindow.forEach((over, leaving) -> shedder.shed(leaving, reason, over));
    }
}
