// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a proxy: its listeners, its shutdown, and the routes that it serves.
 *
 * <p>The operator writes it as JSON to the key {@value #DATA_KEY} of a ConfigMap; without Kubernetes it is a JSON or YAML file.
 * Only {@link ProxyConfigParser} reads it.
 *
 * @param schemaVersion {@code MAJOR.MINOR}, see {@link SchemaVersion}
 * @param version of the document; absent in hand-written files
 * @param name of the proxy in logs and metrics; {@code namespace/name} of the route if the operator wrote it
 * @param listeners at least one, with unique names
 * @param clientAddress how the proxy determines the address of a client
 * @param limits of one proxy process
 * @param drain how the proxy shuts down
 * @param accessLog the access log
 * @param sessionKey source of the key of session cookies; absent: the proxy generates a key at startup
 * @param ticketKeys source of the keys of TLS session tickets; absent: the proxy generates keys and replaces them regularly
 * @param reports how often it reports its load; absent: the number of connections now and then
 * @param proxies EndpointSlices of the proxies' own Service; absent: the proxy knows no other proxies
 * @param rebalance whether it closes connections while it has more than its share of those of all proxies; absent: it does not
 * @param routes that the proxy serves, with unique names
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "schemaVersion",
    "version",
    "name",
    "listeners",
    "clientAddress",
    "limits",
    "drain",
    "accessLog",
    "sessionKey",
    "ticketKeys",
    "reports",
    "proxies",
    "rebalance",
    "routes"
})
public record ProxyConfig(
        @JsonPropertyDescription(
                "Schema version of the document, MAJOR.MINOR. Absent: the newest minor version that the proxy supports.")
        String schemaVersion,

        @JsonPropertyDescription("Version of the route that the operator compiled. Absent in hand-written files.")
        @Nullable ConfigVersion version,

        @JsonPropertyDescription("Name of the proxy in logs and metrics.") @NotBlank String name,

        @NotEmpty("listener") @Distinct @JsonProperty(required = true)
        List<ListenerConfig> listeners,

        ClientAddressConfig clientAddress,
        LimitsConfig limits,
        ProxyDrain drain,
        AccessLogConfig accessLog,

        @JsonPropertyDescription("Source of the key of session cookies. Absent: the proxy generates a key at startup.")
        @Nullable SessionKeyConfig sessionKey,

        @JsonPropertyDescription(
                "Source of the keys of TLS session tickets. Absent: the proxy generates keys and replaces them regularly, so "
                        + "that clients resume their sessions on the same proxy only.")
        @Nullable TicketKeysConfig ticketKeys,

        @JsonPropertyDescription(
                "How often the proxy reports its load to the ConfigMap of --report-config-map, for an autoscaler and for the "
                        + "other proxies. Absent: it reports the number of connections at most once a minute.")
        @Nullable ReportsConfig reports,

        @JsonPropertyDescription(
                "The EndpointSlices of the proxies' own Service, for rebalance: which proxies there are; and for"
                        + " loadBalancing.topology: a proxy reads its own zone from them, and how many of the proxies run there."
                        + " Absent: the zone is that of --zone, and the proxy knows no others.")
        @Nullable EndpointSliceRef proxies,

        @Nullable Rebalance rebalance,

        @JsonPropertyDescription("Routes that the proxy serves, with unique names.") @Distinct
        List<RouteConfig> routes) {

    /** The key of the document in the ConfigMap's data. */
    public static final String DATA_KEY = "proxy-config.json";

    public ProxyConfig {
        schemaVersion = Defaults.or(schemaVersion, SchemaVersion.CURRENT.toString());
        name = Defaults.or(name, "wsroute");
        listeners = Defaults.list(listeners);
        clientAddress = Defaults.or(clientAddress, ClientAddressConfig.DEFAULT);
        limits = Defaults.or(limits, LimitsConfig.DEFAULT);
        drain = Defaults.or(drain, ProxyDrain.DEFAULT);
        accessLog = Defaults.or(accessLog, AccessLogConfig.DEFAULT);
        routes = Defaults.list(routes);
    }

    /** Starts to build a document of the current schema version called {@code name}. */
    public static ProxyConfigBuilder named(String name) {
        return new ProxyConfigBuilder(name);
    }

    /** The same document with other routes. */
    public ProxyConfig withRoutes(List<RouteConfig> others) {
        return new ProxyConfig(
                schemaVersion,
                version,
                name,
                listeners,
                clientAddress,
                limits,
                drain,
                accessLog,
                sessionKey,
                ticketKeys,
                reports,
                proxies,
                rebalance,
                others);
    }

    /** The same document with another version; null for none. */
    public ProxyConfig withVersion(@Nullable ConfigVersion other) {
        return new ProxyConfig(
                schemaVersion,
                other,
                name,
                listeners,
                clientAddress,
                limits,
                drain,
                accessLog,
                sessionKey,
                ticketKeys,
                reports,
                proxies,
                rebalance,
                routes);
    }

    /** Whether the proxy closes connections while it has more than its share of those of all proxies. */
    public boolean rebalances() {
        return rebalance != null && rebalance.enabled();
    }
}
