// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of endpoints with a weight. Exactly one of {@code endpointSlices} and {@code endpoints} is set.
 *
 * @param name for logs, metrics and status, such as {@code service/chat:ws}; unique in its rule
 * @param weight share of new connections, 0 to 1,000,000; 0: no new ones, but existing ones stay open
 * @param endpointSlices endpoints discovered through the Kubernetes API
 * @param endpoints static endpoints
 * @param tls TLS to the endpoints; absent: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackendConfig(
        @JsonPropertyDescription("Name of the backend in logs, metrics and status; unique in its rule.")
        @NotBlank @JsonProperty(required = true)
        String name,

        @Range(min = 0, max = MAX_WEIGHT) @Nullable Integer weight,

        @JsonPropertyDescription("Endpoints discovered through the Kubernetes API. Set either this or endpoints.")
        @Nullable EndpointSliceRef endpointSlices,

        @JsonPropertyDescription("Static endpoints. Set either this or endpointSlices.") @Nullable List<StaticEndpoint> endpoints,

        @JsonPropertyDescription("TLS to the endpoints. Absent: none.") @Nullable BackendTls tls) {

    /** Maximum weight. */
    public static final long MAX_WEIGHT = 1_000_000;

    public BackendConfig {
        weight = Defaults.or(weight, 1);
        endpoints = endpoints == null ? null : List.copyOf(endpoints);
    }

    /** A backend without TLS. */
    public BackendConfig(
            String name,
            @Nullable Integer weight,
            @Nullable EndpointSliceRef endpointSlices,
            @Nullable List<StaticEndpoint> endpoints) {
        this(name, weight, endpointSlices, endpoints, null);
    }

    /** The same backend with other TLS settings. */
    public BackendConfig withTls(@Nullable BackendTls other) {
        return new BackendConfig(name, weight, endpointSlices, endpoints, other);
    }

    /**
     * The host name that the certificates of its endpoints must be valid for: that of {@code tls}, or else the DNS name of the
     * Service, {@code service.namespace.svc}. Null without TLS, or if neither is known, which is not valid.
     */
    public @Nullable String tlsHostname() {
        if (tls == null) {
            return null;
        }
        if (tls.hostname() != null || endpointSlices == null) {
            return tls.hostname();
        }
        return endpointSlices.service() + "." + endpointSlices.namespace() + ".svc";
    }

    /**
     * The EndpointSlices with label {@code kubernetes.io/service-name=service}.
     *
     * @param namespace of the Service
     * @param service its name
     * @param portName name of the port in the slices; empty for an unnamed port, the only one of its Service
     */
    public record EndpointSliceRef(
            @NotBlank @JsonProperty(required = true) String namespace,
            @NotBlank @JsonProperty(required = true) String service,

            @JsonPropertyDescription("Name of the port in the slices. Absent: the only, unnamed port of the Service.")
            String portName) {

        public EndpointSliceRef {
            portName = Defaults.or(portName, "");
        }
    }

    /**
     * @param address IP address or host name
     * @param port 1 to 65535
     * @param zone that it runs in; absent: unknown
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StaticEndpoint(
            @JsonPropertyDescription("IP address or host name.") @JsonProperty(required = true)
            String address,

            @JsonPropertyDescription("TCP port.") @Range(min = 1, max = 65_535) @JsonProperty(required = true)
            int port,

            @JsonPropertyDescription("Zone that it runs in, for loadBalancing.topology. Absent: unknown.")
            @NotBlank @Nullable String zone) {

        /** An endpoint whose zone is unknown. */
        public StaticEndpoint(String address, int port) {
            this(address, port, null);
        }
    }
}
