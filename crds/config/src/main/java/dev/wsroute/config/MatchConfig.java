// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on a request; all of them must be met.
 *
 * @param path absent: any path
 * @param headers the request must have all of them, each with this value
 * @param queryParams the query must have all of them, each with this value, percent-decoded
 * @param subprotocols the client must offer one of them; empty: no condition
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MatchConfig(
        @Nullable PathMatch path,

        @Distinct(ignoreCase = true)
        @Pairs(name = @Text(max = 256, form = TextForm.TOKEN), value = @Text(max = 4096, form = TextForm.HEADER_VALUE))
        List<NameValue> headers,

        @Distinct @Pairs(name = @Text(max = 256), value = @Text(min = 0, max = 1024))
        List<NameValue> queryParams,

        @Text(max = 256, form = TextForm.TOKEN) List<String> subprotocols) {

    /** Every request. */
    public static final MatchConfig ANY = new MatchConfig(null, List.of(), List.of(), List.of());

    public MatchConfig {
        headers = Defaults.list(headers);
        queryParams = Defaults.list(queryParams);
        subprotocols = Defaults.list(subprotocols);
    }

    /** A match with a condition on the path only. */
    public static MatchConfig ofPath(PathMatch.Type type, String value) {
        return new MatchConfig(new PathMatch(type, value), List.of(), List.of(), List.of());
    }
}
