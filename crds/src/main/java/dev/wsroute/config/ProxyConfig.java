package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
 * @param drain how the proxy shuts down
 * @param routes what it serves, at most one of equal name
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"schemaVersion", "version", "name", "listeners", "drain", "routes"})
public record ProxyConfig(
        String schemaVersion,
        @Nullable ConfigVersion version,
        String name,
        @JsonProperty(required = true) List<ListenerConfig> listeners,
        ProxyDrain drain,
        List<RouteConfig> routes) {

    /** The key of the ConfigMap's data that holds the document. */
    public static final String DATA_KEY = "proxy-config.json";

    public ProxyConfig {
        schemaVersion = Defaults.or(schemaVersion, SchemaVersion.CURRENT.toString());
        name = Defaults.or(name, "wsroute");
        listeners = Defaults.list(listeners);
        drain = Defaults.or(drain, ProxyDrain.DEFAULT);
        routes = Defaults.list(routes);
    }

    /** The same document with another version, or none. */
    public ProxyConfig withVersion(@Nullable ConfigVersion other) {
        return new ProxyConfig(schemaVersion, other, name, listeners, drain, routes);
    }
}
