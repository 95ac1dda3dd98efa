package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of endpoints with a weight. Exactly one of {@code endpointSlices} and {@code endpoints} is given.
 *
 * @param name for people, metrics and status, such as {@code service/chat:ws}; unique in its rule
 * @param weight share of new connections, 0 to 1,000,000; 0 takes none and keeps the old ones
 * @param endpointSlices endpoints found through the Kubernetes API
 * @param endpoints endpoints that do not change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackendConfig(
        @JsonProperty(required = true) String name,
        @Nullable Integer weight,
        @Nullable EndpointSliceRef endpointSlices,
        @Nullable List<StaticEndpoint> endpoints) {

    public BackendConfig {
        weight = Defaults.or(weight, 1);
        endpoints = endpoints == null ? null : List.copyOf(endpoints);
    }

    /**
     * The EndpointSlices with label {@code kubernetes.io/service-name=service}.
     *
     * @param namespace of the Service
     * @param service its name
     * @param portName name of the port in the slices; empty for a Service's only, unnamed port
     */
    public record EndpointSliceRef(
            @JsonProperty(required = true) String namespace,
            @JsonProperty(required = true) String service,
            String portName) {

        public EndpointSliceRef {
            portName = Defaults.or(portName, "");
        }
    }

    /**
     * @param address IP address or host name
     * @param port 1 to 65535
     */
    public record StaticEndpoint(
            @JsonProperty(required = true) String address,
            @JsonProperty(required = true) int port) {}
}
