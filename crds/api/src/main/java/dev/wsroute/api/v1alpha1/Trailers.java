package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.HttpNames;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of the trailers that pass. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Trailers(
        @JsonPropertyDescription(
                "Names of those that clients send and backends see; upper and lower case are the same.")
        @Size(max = 16) @ValidationRule(value = FieldRules.TRAILERS_RULE, message = FieldRules.TRAILERS_MESSAGE)
        @Nullable List<@Pattern(HttpNames.TOKEN) @Size(min = 1, max = 128) String> request,

        @JsonPropertyDescription(
                "Names of those that backends send and clients see; upper and lower case are the same.")
        @Size(max = 16) @ValidationRule(value = FieldRules.TRAILERS_RULE, message = FieldRules.TRAILERS_MESSAGE)
        @Nullable List<@Pattern(HttpNames.TOKEN) @Size(min = 1, max = 128) String> response) {}
