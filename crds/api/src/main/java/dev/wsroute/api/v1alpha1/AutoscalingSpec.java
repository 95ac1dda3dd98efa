// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.Durations;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How the operator scales the proxies by their connections, and by CPU. */
@ValidationRule(
        value = "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
        message = "must not have minReplicas greater than maxReplicas")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutoscalingSpec(
        @JsonPropertyDescription("The fewest proxy pods.") @Default("2") @Min(1) @Max(1000) @Nullable Integer minReplicas,

        @JsonPropertyDescription("The most proxy pods.") @Required @Min(1) @Max(1000) Integer maxReplicas,

        @JsonPropertyDescription(
                "How many WebSockets a proxy pod should have. As soon as there are more on average, including clients that are "
                        + "connecting or were refused by a limit, the operator adds proxies.")
        @Required
        @Min(1) @Max(10_000_000) Integer connectionsPerProxy,

        @JsonPropertyDescription(
                "How much CPU the proxy pods should use on average, in percent of their request. The operator adds proxies when "
                        + "it is a tenth more, even if their connections do not need them. Absent: CPU does not count.")
        @Min(1) @Max(10_000) @Nullable Integer cpuUtilization,

        @JsonPropertyDescription("How the number of proxies goes down.") @Default("{}") @Nullable ScaleDownSpec scaleDown) {

    /** How the number of proxies goes down. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ScaleDownSpec(
            @JsonPropertyDescription(
                    "For how long fewer proxies must have been enough, with a tenth to spare, before some end; the same time "
                            + "passes before the next step. At least 1s.")
            @Default("5m")
            @Pattern(Durations.PATTERN) @Size(max = 32) @ValidationRule(value = FieldRules.AFTER_RULE, message = FieldRules.AFTER_MESSAGE)
            @Nullable String after,

            @JsonPropertyDescription("The most proxies that end in one step. The emptiest ones end, and drain.")
            @Default("1")
            @Min(1) @Max(1000) @Nullable Integer maxPerStep) {}
}
