// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** What the backends are asked for instead of what the client asked for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UrlRewrite(
        @JsonPropertyDescription("Changes the path. Absent: the backends see the client's.") @Nullable PathRewrite path,

        @JsonPropertyDescription(
                "The Host header that the backends see, with a port where one is given. Absent: the" + " client's.")
        @Nullable String hostname) {

    /** A change of the path. */
    public record PathRewrite(
            @JsonPropertyDescription(
                    "Takes the place of the prefix that the request's match names; the rest of the path and the query"
                            + " stay. Only where all matches of the rule are of type PathPrefix.")
            @Required
            String replacePrefixMatch) {}
}
