// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.MatchConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.EndpointStatus;
import dev.wsroute.proxy.balance.EndpointStatus.Availability;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code /config}. Does not show where keys are stored.
 *
 * @param refused the newest document if it was refused
 * @param zone zone of the proxy; null if unknown
 * @param connections live WebSockets
 * @param shedding numbers of connections waiting to be closed, by reason
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConfigView(
        @Nullable ConfigVersion version,
        @Nullable String name,
        @Nullable RefusalView refused,
        @Nullable String zone,
        int connections,
        Map<String, Long> shedding,
        @Nullable Settings settings,
        List<RouteView> routes) {

    /** A refused document. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RefusalView(@Nullable ConfigVersion version, String cause, String reason) {}

    /** Settings of the whole proxy. */
    record Settings(
            List<ListenerConfig> listeners,
            ClientAddressConfig clientAddress,
            LimitsConfig limits,
            ProxyDrain drain,
            AccessLogConfig accessLog) {}

    record RouteView(String name, List<String> hostnames, List<RuleView> rules) {}

    /** @param authorization the service that decides about its requests; null for none */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RuleView(
            String name,
            List<MatchConfig> matches,
            List<BackendView> backends,
            @Nullable BackendView authorization) {}

    /** @param ownZonePercent part of new connections that stay in the proxy's zone; null if zones do not matter */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BackendView(
            String name,
            @Nullable Integer weight,
            String source,
            @Nullable Integer ownZonePercent,
            List<EndpointView> endpoints) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EndpointView(
            String address,
            @Nullable String otherAddress,
            @Nullable String pod,
            @Nullable String zone,
            boolean ready,
            boolean serving,
            boolean terminating,
            String state,
            @Nullable Long secondsLeft,
            int connections,
            int failures) {}

    /** The view before there is a configuration. */
    static ConfigView none(@Nullable RefusalView refused) {
        return new ConfigView(null, null, refused, null, 0, Map.of(), null, List.of());
    }

    /** Collects the view. Call on the control thread. */
    static ConfigView of(
            ProxyConfig config,
            @Nullable RefusalView refused,
            ConnectionCounts counts,
            Map<SourceKey, EndpointSet> known,
            Balancing balancing) {
        Builder builder = new Builder(known, balancing);
        return new ConfigView(
                config.version(),
                config.name(),
                refused,
                balancing.zone().name(),
                counts.connections(),
                counts.shedding(),
                new Settings(
                        config.listeners(),
                        config.clientAddress(),
                        config.limits(),
                        config.drain(),
                        config.accessLog()),
                config.routes().stream().map(builder::route).toList());
    }

    /** @param known the known endpoints */
    private record Builder(Map<SourceKey, EndpointSet> known, Balancing balancing) {

        RouteView route(RouteConfig route) {
            return new RouteView(
                    route.name(),
                    route.hostnames(),
                    route.rules().stream()
                            .map(rule -> new RuleView(
                                    rule.name(),
                                    rule.matches(),
                                    rule.backends().stream()
                                            .map(backend -> backend(route, rule, backend))
                                            .toList(),
                                    authorization(route, rule.authorization())))
                            .toList());
        }

        private @Nullable BackendView authorization(RouteConfig route, @Nullable RuleConfig asked) {
            return asked == null ? null : backend(route, asked, asked.backends().get(0));
        }

        private BackendView backend(RouteConfig route, RuleConfig rule, BackendConfig backend) {
            SourceKey source = SourceKey.of(route.name(), rule.name(), backend);
            return new BackendView(
                    backend.name(),
                    backend.weight(),
                    source.toString(),
                    rule.loadBalancing().topology() == null
                            ? null
                            : balancing.ownZonePercent(
                                    source, rule.loadBalancing().slowStart()),
                    known.getOrDefault(source, EndpointSet.EMPTY).endpoints().stream()
                            .map(endpoint -> endpoint(
                                    endpoint,
                                    balancing.status(
                                            source,
                                            endpoint,
                                            rule.loadBalancing().slowStart())))
                            .toList());
        }

        private static EndpointView endpoint(Endpoint endpoint, EndpointStatus status) {
            InetSocketAddress other = endpoint.other();
            return new EndpointView(
                    text(endpoint.address()),
                    other == null ? null : text(other),
                    endpoint.podName(),
                    endpoint.zones().zone(),
                    endpoint.ready(),
                    endpoint.serving(),
                    endpoint.terminating(),
                    state(status.availability()),
                    secondsLeft(status.availability()),
                    status.live(),
                    status.failures());
        }

        private static String text(InetSocketAddress address) {
            return address.getAddress().getHostAddress() + ":" + address.getPort();
        }

        private static String state(Availability availability) {
            if (availability instanceof Availability.SlowStart) {
                return "slowStart";
            } else if (availability instanceof Availability.Ejected) {
                return "ejected";
            } else if (availability instanceof Availability.NotReady) {
                return "notReady";
            }
            return availability instanceof Availability.Terminating ? "terminating" : "ready";
        }

        /** Remaining time of a temporary state, rounded up. */
        private static @Nullable Long secondsLeft(Availability availability) {
            Duration left = null;
            if (availability instanceof Availability.SlowStart slowStart) {
                left = slowStart.left();
            } else if (availability instanceof Availability.Ejected ejected) {
                left = ejected.left();
            }
            return left == null ? null : left.plusNanos(999_999_999).toSeconds();
        }
    }
}
