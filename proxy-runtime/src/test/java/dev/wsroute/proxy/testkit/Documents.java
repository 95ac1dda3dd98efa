// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.BackendConfig.StaticEndpoint;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.MatchConfig;
import dev.wsroute.config.PathMatch;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.BackendDrain;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.config.ConfigText;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short notations for configuration documents. */
public final class Documents {

    private Documents() {}

    public static ProxyConfig config(RouteConfig... routes) {
        return ProxyConfig.named("test")
                .listeners(List.of(ListenerConfig.http("ws", null, 0)))
                .routes(List.of(routes))
                .build();
    }

    public static ConfigText text(long generation, ProxyConfig config) {
        String json = new ProxyConfigParser().write(config.withVersion(ConfigVersion.of(generation, config)));
        return new ConfigText(json, DocumentFormat.JSON, false);
    }

    public static RouteConfig route(String name, List<String> hosts, RuleConfig... rules) {
        return new RouteConfig(name, hosts, List.of(rules));
    }

    public static RuleConfig rule(String name, List<MatchConfig> matches, BackendConfig... backends) {
        return rule(name, matches, null, Duration.ofSeconds(20), backends);
    }

    public static RuleConfig rule(
            String name,
            List<MatchConfig> matches,
            LoadBalancing.@Nullable Type type,
            Duration drain,
            BackendConfig... backends) {
        return RuleConfig.named(name)
                .matches(matches)
                .backends(List.of(backends))
                .loadBalancing(type == null ? LoadBalancing.DEFAULT : LoadBalancing.of(type))
                .drain(new BackendDrain(drain))
                .build();
    }

    public static MatchConfig prefix(String path) {
        return MatchConfig.ofPath(PathMatch.Type.PathPrefix, path);
    }

    public static MatchConfig exact(String path) {
        return MatchConfig.ofPath(PathMatch.Type.Exact, path);
    }

    public static BackendConfig slices(String service) {
        return new BackendConfig("service/" + service + ":ws", 1, new EndpointSliceRef("apps", service, "ws"), null);
    }

    public static BackendConfig listed(String name, int weight, String... addresses) {
        return new BackendConfig(
                name,
                weight,
                null,
                Arrays.stream(addresses)
                        .map(address -> new StaticEndpoint(
                                address.substring(0, address.lastIndexOf(':')),
                                Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))))
                        .toList());
    }
}
