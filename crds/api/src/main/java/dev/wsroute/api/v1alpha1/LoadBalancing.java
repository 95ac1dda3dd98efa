package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.Durations;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How an endpoint is chosen: a union by type. */
@ValidationRule(
        value = "has(self.consistentHash) == (has(self.type) && self.type == 'ConsistentHash')",
        message = "consistentHash is required with type ConsistentHash, and goes with no other")
@ValidationRule(
        value = "!has(self.slowStart) || !has(self.type) || self.type == 'LeastConnections'",
        message = "slowStart goes with type LeastConnections only")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoadBalancing(
        @JsonPropertyDescription(
                "LeastConnections: of two endpoints drawn at random, the one with fewer live connections."
                        + " RoundRobin: one after another. ConsistentHash: the same one for equal values of what is hashed.")
        @Default("LeastConnections")
        @Nullable Type type,

        @JsonPropertyDescription(
                "How long the share of a new endpoint takes to grow to the full; 0s gives it the full share at once."
                        + " Only with type LeastConnections. Absent: 30s.")
        @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.DURATION_RULE, message = FieldRules.DURATION_MESSAGE)
        @Nullable String slowStart,

        @JsonPropertyDescription("What of a request is hashed. Only with type ConsistentHash, which requires it.")
        @Nullable ConsistentHash consistentHash) {

    /** How an endpoint is chosen. */
    public enum Type {
        LeastConnections,
        RoundRobin,
        ConsistentHash
    }

    /** What of a request is hashed. */
    @ValidationRule(
            value = "has(self.name) == (self.type != 'ClientIP')",
            message = "name is required with type Header, Cookie or QueryParam, and does not go with ClientIP")
    @ValidationRule(
            value = "!has(self.name) || self.type == 'QueryParam' || " + FieldRules.HASH_NAME_RULE,
            message = "the name of a header or a cookie holds letters, digits and some punctuation only, and no blank")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConsistentHash(
            @JsonPropertyDescription(
                    "Where the hashed value is found. A request without it is hashed by its client's address.")
            @Required
            Type type,

            @JsonPropertyDescription("Name of the header, the cookie or the query parameter; not with ClientIP.")
            @Size(min = 1, max = 256) @Nullable String name) {

        /** Where the hashed value is found. */
        public enum Type {
            ClientIP,
            Header,
            Cookie,
            QueryParam
        }
    }
}
