package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.HttpNames;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What the backends are asked for instead of what the client asked for. */
@ValidationRule(value = "has(self.path) || has(self.hostname)", message = "urlRewrite needs path or hostname")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UrlRewrite(
        @JsonPropertyDescription("Changes the path. Absent: the backends see the client's.") @Nullable PathRewrite path,

        @JsonPropertyDescription(
                "The Host header that the backends see, with a port where one is given. Absent: the" + " client's.")
        @Pattern(HttpNames.AUTHORITY) @Size(min = 1, max = 259) @ValidationRule(value = FieldRules.AUTHORITY_RULE, message = FieldRules.AUTHORITY_MESSAGE)
        @Nullable String hostname) {

    /** A change of the path. */
    public record PathRewrite(
            @JsonPropertyDescription(
                    "Takes the place of the prefix that the request's match names; the rest of the path and the query"
                            + " stay. Only where all matches of the rule are of type PathPrefix.")
            @Required
            @Pattern(HttpNames.PATH) @Size(min = 1, max = 1024) @ValidationRule(value = FieldRules.PATH_RULE, message = FieldRules.PATH_MESSAGE)
            String replacePrefixMatch) {}
}
