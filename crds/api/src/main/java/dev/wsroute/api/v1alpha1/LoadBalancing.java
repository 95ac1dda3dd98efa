// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.RuleConfig;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** How an endpoint is chosen: a union by type. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoadBalancing(
        @JsonPropertyDescription(
                "LeastConnections: of two endpoints drawn at random, the one with fewer live connections."
                        + " RoundRobin: one after another. ConsistentHash: the same one for equal values of what is hashed.")
        RuleConfig.LoadBalancing.@Nullable Type type,

        @JsonPropertyDescription(
                "How long the share of a new endpoint takes to grow to the full; 0s gives it the full share at once."
                        + " Only with type LeastConnections. Absent: 30s.")
        @Nullable String slowStart,

        @JsonPropertyDescription("What of a request is hashed. Only with type ConsistentHash, which requires it.")
        @Nullable ConsistentHash consistentHash) {

    /** What of a request is hashed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConsistentHash(
            @JsonPropertyDescription(
                    "Where the hashed value is found. A request without it is hashed by its client's address.")
            @Required
            dev.wsroute.config.ConsistentHash.Type type,

            @JsonPropertyDescription("Name of the header, the cookie or the query parameter; not with ClientIP.")
            @Nullable String name) {}
}
