package dev.wsroute.proxy.routing;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.MatchConfig;
import dev.wsroute.proxy.balance.EndpointSelector;
import dev.wsroute.proxy.request.RequestFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One configuration compiled for look-up, by the precedence of Gateway API: the most specific host, then the exact
 * path, then the longest prefix, then the first in the document. Where no rule of a host fits the path, less specific
 * hosts are asked. Immutable.
 */
final class RouteTable {

    /** Serves nothing. */
    static final RouteTable EMPTY = new RouteTable(Map.of(), Map.of(), new PathTable());

    private final Map<String, PathTable> exactHosts;
    /** By suffix with its leading dot, such as {@code .example.com}. */
    private final Map<String, PathTable> wildcards;

    private final PathTable anyHost;

    private RouteTable(Map<String, PathTable> exactHosts, Map<String, PathTable> wildcards, PathTable anyHost) {
        this.exactHosts = exactHosts;
        this.wildcards = wildcards;
        this.anyHost = anyHost;
    }

    static RouteTable compile(ProxyConfig config, BiFunction<String, RuleConfig, EndpointSelector> selectors) {
        Map<String, PathTable> exactHosts = new HashMap<>();
        Map<String, PathTable> wildcards = new HashMap<>();
        PathTable anyHost = new PathTable();
        for (RouteConfig route : config.routes()) {
            List<PathTable> tables = route.hostnames().isEmpty()
                    ? List.of(anyHost)
                    : route.hostnames().stream()
                            .map(host -> table(exactHosts, wildcards, host))
                            .toList();
            for (RuleConfig rule : route.rules()) {
                ActiveRule active = new ActiveRule(route.name(), rule, selectors.apply(route.name(), rule));
                tables.forEach(table -> add(table, rule, active));
            }
        }
        exactHosts.values().forEach(PathTable::order);
        wildcards.values().forEach(PathTable::order);
        anyHost.order();
        return new RouteTable(Map.copyOf(exactHosts), Map.copyOf(wildcards), anyHost);
    }

    private static PathTable table(Map<String, PathTable> exactHosts, Map<String, PathTable> wildcards, String host) {
        return host.startsWith("*")
                ? wildcards.computeIfAbsent(host.substring(1), suffix -> new PathTable())
                : exactHosts.computeIfAbsent(host, exact -> new PathTable());
    }

    private static void add(PathTable table, RuleConfig rule, ActiveRule active) {
        if (rule.matches().isEmpty()) {
            table.add(null, active);
        }
        for (MatchConfig match : rule.matches()) {
            table.add(match.path(), active);
        }
    }

    @Nullable ActiveRule find(RequestFacts request) {
        String host = request.host();
        String path = request.path();
        PathTable exact = exactHosts.get(host);
        ActiveRule rule = exact == null ? null : exact.find(path);
        if (rule == null && !wildcards.isEmpty()) {
            rule = findWildcard(host, path);
        }
        return rule == null ? anyHost.find(path) : rule;
    }

    /** The longest suffix first; a wildcard stands for one label or more. */
    private @Nullable ActiveRule findWildcard(String host, String path) {
        for (int dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1)) {
            PathTable table = wildcards.get(host.substring(dot));
            ActiveRule rule = table == null ? null : table.find(path);
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }
}
