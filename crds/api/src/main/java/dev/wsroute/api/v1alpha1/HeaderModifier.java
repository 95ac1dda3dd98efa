package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.HttpNames;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes of headers: first those to remove go, then those to set, then those to add come. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HeaderModifier(
        @JsonPropertyDescription("Headers that take the place of all headers of their names.") @Size(max = 16) @Nullable List<Header> set,

        @JsonPropertyDescription("Headers that stand beside those of their names that there are.")
        @Size(max = 16) @Nullable List<Header> add,

        @JsonPropertyDescription("Names of headers to remove; upper and lower case are the same.")
        @Size(max = 16) @ValidationRule(value = FieldRules.REMOVED_HEADERS_RULE, message = FieldRules.PROXY_OWNED_MESSAGE)
        @Nullable List<@Pattern(HttpNames.TOKEN) @Size(min = 1, max = 256) String> remove) {

    /** A header to write. */
    public record Header(
            @JsonPropertyDescription(
                    "Name of the header. Those that the proxy itself writes, such as Connection, are refused.")
            @Required
            @Pattern(HttpNames.TOKEN) @Size(min = 1, max = 256) @ValidationRule(value = FieldRules.PROXY_OWNED_RULE, message = FieldRules.PROXY_OWNED_MESSAGE)
            String name,

            @JsonPropertyDescription("Its value: printable ASCII characters, without a blank at either end.")
            @Required
            @Pattern(HttpNames.VALUE) @Size(min = 1, max = 4096) String value) {}
}
