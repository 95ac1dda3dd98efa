// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.PathMatch;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions on a request; all of them must be met. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteMatch(
        @JsonPropertyDescription("Condition on the path, as sent by the client. Absent: any path.") @Nullable PathMatchSpec path,

        @JsonPropertyDescription("Headers that the request must have; all must match. Empty: no condition.")
        @Size(max = 16) @Nullable List<HeaderMatch> headers,

        @JsonPropertyDescription("Query parameters that the request must have; all must match. Empty: no condition.")
        @Size(max = 16) @Nullable List<QueryParamMatch> queryParams,

        @JsonPropertyDescription(
                "WebSocket subprotocols, of which the client must offer at least one. Empty: no condition.")
        @Size(max = 16) @Nullable List<String> subprotocols) {

    /** A condition on the request's path, without its query. */
    public record PathMatchSpec(
            @JsonPropertyDescription(
                    "PathPrefix: the path is the value, or the value followed by further path segments. Exact: the "
                            + "path is the value. RegularExpression: the value is an expression in RE2 syntax that matches "
                            + "the whole path.")
            PathMatch.@Nullable Type type,

            @JsonPropertyDescription(
                    "Path that starts with a slash or, with type RegularExpression, an expression without \\Q. "
                            + "Groups may be nested up to 50 deep and repeated up to 99 times. An expression may compile to "
                            + "at most 2,000 instructions, and all expressions of a route to 100,000.")
            @Nullable String value) {}

    /** A header that the request must have. */
    public record HeaderMatch(
            @JsonPropertyDescription("Name of the header, case-insensitive.") @Required
            String name,

            @JsonPropertyDescription("Value of the header, compared exactly.") @Required
            String value) {}

    /** A query parameter that the request must have. */
    public record QueryParamMatch(
            @JsonPropertyDescription("Name of the query parameter, compared exactly after percent-decoding.") @Required
            String name,

            @JsonPropertyDescription(
                    "Value of the parameter, compared exactly after percent-decoding. If the parameter is repeated, "
                            + "only the first one counts.")
            @Required
            String value) {}
}
