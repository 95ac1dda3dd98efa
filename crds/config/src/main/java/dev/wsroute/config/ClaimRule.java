// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a claim of a token must be.
 *
 * @param name of the claim
 * @param equals the claim's text; a number or boolean as JSON writes it
 * @param contains an item of the claim, which is a list, or text with blanks between its items such as {@code scope}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClaimRule(
        @Text(max = 256) @JsonProperty(required = true) String name,
        @Text(max = 1024) @Nullable String equals,
        @Text(max = 1024) @Nullable String contains) {

    @Rule(cel = "has(self.equals) != has(self.contains)", message = "needs either equals or contains")
    boolean asksOneQuestion() {
        return (equals == null) != (contains == null);
    }
}
