// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Closes WebSockets of endpoints or proxies that have more than their fair share. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RebalanceSpec(
        @JsonPropertyDescription("Whether WebSockets are closed.") @Nullable Boolean enabled,

        @JsonPropertyDescription(
                "By how much an endpoint or a proxy must exceed its fair share, in percent of it, before it sheds the excess.")
        @Nullable Integer thresholdPercent,

        @JsonPropertyDescription(
                "At most how many WebSockets a proxy closes per minute, in percent of its WebSockets: those of the rule in "
                        + "loadBalancing, all of them in proxy.")
        @Nullable Integer percentPerMinute,

        @JsonPropertyDescription(
                "WebSockets younger than this stay, so that a client that has just reconnected is not asked again.")
        @Nullable String minAge) {}
