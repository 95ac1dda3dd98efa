// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes to headers, in this order: remove, set, add. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HeaderModifierSpec(
        @JsonPropertyDescription("Headers that replace all headers with the same name.") @Size(max = 16) @Nullable List<Header> set,

        @JsonPropertyDescription("Headers that are added to existing ones with the same name.")
        @Size(max = 16) @Nullable List<Header> add,

        @JsonPropertyDescription("Names of headers to remove, case-insensitive.") @Size(max = 16) @Nullable List<String> remove) {

    /** A header to set or add. */
    public record Header(
            @JsonPropertyDescription(
                    "Name of the header. Headers that the proxy writes itself, such as Connection, are rejected.")
            @Required
            String name,

            @JsonPropertyDescription(
                    "Value of the header: printable ASCII characters, without leading or trailing spaces.")
            @Required
            String value) {}
}
