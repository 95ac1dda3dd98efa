// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a proxy runtime is told: what it listens on, how it shuts down, and the routes that it serves.
 *
 * <p>The operator writes it as JSON to the key {@value #DATA_KEY} of a ConfigMap; on a plain server it is a JSON or
 * YAML file. {@link ProxyConfigParser} reads it; nothing else does.
 *
 * @param schemaVersion {@code MAJOR.MINOR} of this document's shape, see {@link SchemaVersion}
 * @param version which state of the routes this is; absent in a file written by hand
 * @param name what the proxy is called in logs and metrics, {@code namespace/name} of the route when the operator wrote it
 * @param listeners the sockets that the proxy accepts connections on; at least one, names unique
 * @param clientAddress how the proxy learns a client's address
 * @param limits of one proxy process
 * @param drain how the proxy shuts down
 * @param accessLog what it writes of each connection
 * @param sessionKey where the key of session cookies is; absent: the proxy makes one of its own when it starts
 * @param routes what it serves, at most one of equal name
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
    "routes"
})
public record ProxyConfig(
        @JsonPropertyDescription("MAJOR.MINOR of the document's shape. Absent: the newest that the proxy knows.")
        String schemaVersion,

        @JsonPropertyDescription("The route's generation that the operator compiled. Absent in a file written by hand.")
        @Nullable ConfigVersion version,

        @JsonPropertyDescription("Name of the proxy in logs and metrics.")
        String name,

        @Distinct @JsonProperty(required = true) List<ListenerConfig> listeners,
        ClientAddressConfig clientAddress,
        LimitsConfig limits,
        ProxyDrain drain,
        AccessLogConfig accessLog,

        @JsonPropertyDescription("Where the key of session cookies is. Absent: the proxy generates one when it starts.")
        @Nullable SessionKeyConfig sessionKey,

        @JsonPropertyDescription("What the proxy serves; names are unique.") @Distinct
        List<RouteConfig> routes) {

    /** The key of the ConfigMap's data that holds the document. */
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

    /** A document of this build's shape, called {@code name}, with the defaults, to be told what it differs in. */
    public static ProxyConfigBuilder named(String name) {
        return new ProxyConfigBuilder(name);
    }

    /** The same document with another version, or none. */
    public ProxyConfig withVersion(@Nullable ConfigVersion other) {
        return new ProxyConfig(
                schemaVersion, other, name, listeners, clientAddress, limits, drain, accessLog, sessionKey, routes);
    }
}
