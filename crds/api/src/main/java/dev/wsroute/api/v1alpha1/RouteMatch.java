// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.RuleConfig;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request fits when all parts of the match do. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteMatch(
        @JsonPropertyDescription("Compares the path, as the client sent it. Absent: every path.") @Nullable PathMatch path,

        @JsonPropertyDescription("Headers that the request must have, all of them. Empty: whatever it has.")
        @Size(max = 16) @Nullable List<HeaderMatch> headers,

        @JsonPropertyDescription("Query parameters that the request must have, all of them. Empty: whatever it has.")
        @Size(max = 16) @Nullable List<QueryParamMatch> queryParams,

        @JsonPropertyDescription(
                "WebSocket subprotocols of which the client must offer at least one. Empty: whatever it offers.")
        @Size(max = 16) @Nullable List<String> subprotocols) {

    /** A comparison with the request's path, without its query. */
    public record PathMatch(
            @JsonPropertyDescription(
                    "PathPrefix: the value, alone or followed by further path segments. Exact: nothing but the value."
                            + " RegularExpression: the value is an expression in RE2 syntax that fits the whole path.")
            RuleConfig.PathMatch.@Nullable Type type,

            @JsonPropertyDescription(
                    "The path to compare with, which starts with a slash; with type RegularExpression, the expression,"
                            + " without \\Q. Groups are nested at most 50 deep and repeated at most 99 times; an"
                            + " expression unfolds to at most 2,000 steps, those of a route to 100,000 together.")
            @Nullable String value) {}

    /** A header that the request must have. */
    public record HeaderMatch(
            @JsonPropertyDescription("Name of the header; upper and lower case are the same.") @Required
            String name,

            @JsonPropertyDescription("Its value, compared exactly.") @Required
            String value) {}

    /** A query parameter that the request must have. */
    public record QueryParamMatch(
            @JsonPropertyDescription("Name of the parameter, compared exactly after percent-decoding.") @Required
            String name,

            @JsonPropertyDescription(
                    "Its value, compared exactly after percent-decoding. Of a repeated parameter the first counts.")
            @Required
            String value) {}
}
