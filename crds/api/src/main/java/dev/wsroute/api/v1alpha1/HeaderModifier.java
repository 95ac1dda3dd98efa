// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes of headers: first those to remove go, then those to set, then those to add come. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HeaderModifier(
        @JsonPropertyDescription("Headers that take the place of all headers of their names.") @Size(max = 16) @Nullable List<Header> set,

        @JsonPropertyDescription("Headers that stand beside those of their names that there are.")
        @Size(max = 16) @Nullable List<Header> add,

        @JsonPropertyDescription("Names of headers to remove; upper and lower case are the same.")
        @Size(max = 16) @Nullable List<String> remove) {

    /** A header to write. */
    public record Header(
            @JsonPropertyDescription(
                    "Name of the header. Those that the proxy itself writes, such as Connection, are refused.")
            @Required
            String name,

            @JsonPropertyDescription("Its value: printable ASCII characters, without a blank at either end.") @Required
            String value) {}
}
