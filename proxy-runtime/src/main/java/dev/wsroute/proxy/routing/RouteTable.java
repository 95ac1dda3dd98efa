// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import com.google.re2j.Pattern;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.MatchConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.tls.TlsBackend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one configuration, compiled for look-up with the precedence of Gateway API: most specific host, then
 * path as in {@link PathTable}, most headers, most query parameters, most subprotocols, first in the document. If no
 * rule of a host matches, less specific hosts are tried. Immutable.
 */
public final class RouteTable implements RequestRouter {

    /** No routes. */
    public static final RouteTable EMPTY = new RouteTable(Map.of(), Map.of(), new PathTable());

    private final Map<String, PathTable> exactHosts;
    /** By suffix with its leading dot, such as {@code .example.com}. */
    private final Map<String, PathTable> wildcards;

    private final PathTable anyHost;

    private RouteTable(Map<String, PathTable> exactHosts, Map<String, PathTable> wildcards, PathTable anyHost) {
        this.exactHosts = exactHosts;
        this.wildcards = wildcards;
        this.anyHost = anyHost;
    }

    /**
     * @param selectors creates the endpoint selector of a route's rule
     * @param tls TLS to a backend; null for none
     * @param gates creates what decides about requests of a route's rule; null if all are served
     */
    public static RouteTable compile(
            ProxyConfig config,
            BiFunction<String, RuleConfig, EndpointSelector> selectors,
            Function<BackendConfig, @Nullable TlsBackend> tls,
            BiFunction<String, RuleConfig, @Nullable AccessGate> gates) {
        Map<String, PathTable> exactHosts = new HashMap<>();
        Map<String, PathTable> wildcards = new HashMap<>();
        PathTable anyHost = new PathTable();
        Map<String, Pattern> patterns = new HashMap<>();
        for (RouteConfig route : config.routes()) {
            List<PathTable> tables = route.hostnames().isEmpty()
                    ? List.of(anyHost)
                    : route.hostnames().stream()
                            .map(host -> table(exactHosts, wildcards, host))
                            .toList();
            for (RuleConfig rule : route.rules()) {
                EndpointSelector endpoints = selectors.apply(route.name(), rule);
                Map<String, TlsBackend> secured = secured(rule, tls);
                AccessGate access = gates.apply(route.name(), rule);
                for (MatchConfig match : rule.matches().isEmpty() ? List.of(MatchConfig.ANY) : rule.matches()) {
                    TargetRewrite rewrite = TargetRewrite.of(rule.urlRewrite(), match.path());
                    Candidate candidate = new Candidate(
                            match,
                            new ActiveRule(route.name(), rule, endpoints, route.paths(), rewrite, secured, access));
                    tables.forEach(
                            table -> table.add(candidate, regex -> patterns.computeIfAbsent(regex, Pattern::compile)));
                }
            }
        }
        exactHosts.values().forEach(PathTable::order);
        wildcards.values().forEach(PathTable::order);
        anyHost.order();
        return new RouteTable(Map.copyOf(exactHosts), Map.copyOf(wildcards), anyHost);
    }

    private static Map<String, TlsBackend> secured(RuleConfig rule, Function<BackendConfig, @Nullable TlsBackend> tls) {
        Map<String, TlsBackend> secured = new HashMap<>();
        for (BackendConfig backend : rule.backends()) {
            TlsBackend known = tls.apply(backend);
            if (known != null) {
                secured.put(backend.name(), known);
            }
        }
        return Map.copyOf(secured);
    }

    private static PathTable table(Map<String, PathTable> exactHosts, Map<String, PathTable> wildcards, String host) {
        return host.startsWith("*")
                ? wildcards.computeIfAbsent(host.substring(1), suffix -> new PathTable())
                : exactHosts.computeIfAbsent(host, exact -> new PathTable());
    }

    @Override
    public @Nullable ActiveRule route(RequestFacts request) {
        PathTable exact = exactHosts.get(request.host());
        ActiveRule rule = exact == null ? null : exact.find(request);
        if (rule == null && !wildcards.isEmpty()) {
            rule = findWildcard(request);
        }
        return rule == null ? anyHost.find(request) : rule;
    }

    /** Longest suffix first. A wildcard stands for one label or more. */
    private @Nullable ActiveRule findWildcard(RequestFacts request) {
        String host = request.host();
        for (int dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1)) {
            PathTable table = wildcards.get(host.substring(dot));
            ActiveRule rule = table == null ? null : table.find(request);
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }
}
