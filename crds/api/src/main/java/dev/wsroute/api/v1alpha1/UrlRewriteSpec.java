// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Changes to the path and host of requests. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UrlRewriteSpec(
        @JsonPropertyDescription("Change to the path. Absent: unchanged.") @Nullable PathRewriteSpec path,

        @JsonPropertyDescription("Host header sent to backends, with an optional port. Absent: the client's.") @Nullable String hostname) {

    /** A change to the path. */
    public record PathRewriteSpec(
            @JsonPropertyDescription(
                    "Replaces the prefix of the match; the rest of the path and the query are unchanged. Only "
                            + "allowed if all matches of the rule have type PathPrefix.")
            @Required
            String replacePrefixMatch) {}
}
