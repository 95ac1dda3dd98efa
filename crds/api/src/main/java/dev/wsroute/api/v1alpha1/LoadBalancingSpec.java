// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.RuleConfig;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** How to choose an endpoint: a union by type. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoadBalancingSpec(
        @JsonPropertyDescription(
                "LeastConnections: of two random endpoints, the one with fewer open connections. RoundRobin: "
                        + "each endpoint in turn. ConsistentHash: the same endpoint for the same hashed value.")
        RuleConfig.LoadBalancing.@Nullable Type type,

        @JsonPropertyDescription(
                "How long it takes until a new endpoint gets its full share of connections; 0s: at once. Only "
                        + "with type LeastConnections. Absent: 30s.")
        @Nullable String slowStart,

        @JsonPropertyDescription(
                "Which part of a request is hashed. Required with type ConsistentHash, and only allowed with it.")
        @Nullable ConsistentHashSpec consistentHash,

        @JsonPropertyDescription(
                "Closes WebSockets of endpoints that have more than their fair share, with 1012 and slowly, so that their "
                        + "clients reconnect to others, for example after a scale-out. Not with type ConsistentHash or "
                        + "sessionPersistence.")
        @Nullable RebalanceSpec rebalance,

        @JsonPropertyDescription(
                "PreferSameZone: new connections go to endpoints of the proxy's own zone, by the hints of the EndpointSlices if "
                        + "all have some. Where the zone has more than its share of proxies, the excess goes to other zones. "
                        + "Absent: zones do not matter. Not with type ConsistentHash or rebalance.")
        RuleConfig.LoadBalancing.@Nullable Topology topology) {

    /** Which part of a request is hashed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConsistentHashSpec(
            @JsonPropertyDescription(
                    "Where the hashed value comes from. If a request does not have it, the client address is hashed.")
            @Required
            dev.wsroute.config.ConsistentHash.Type type,

            @JsonPropertyDescription("Name of the header, cookie or query parameter. Not with ClientIP and Subject.")
            @Nullable String name) {}
}
