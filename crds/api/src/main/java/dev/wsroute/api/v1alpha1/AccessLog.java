package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** What the proxy writes of each connection to its standard output. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessLog(
        @JsonPropertyDescription("Whether a line is written when a connection opens and when it closes.")
        @Default("true")
        @Nullable Boolean enabled,

        @JsonPropertyDescription("JSON: an object a line. Text: words for people.") @Default("JSON") @Nullable Format format) {

    /** How a line is spelled. */
    public enum Format {
        JSON,
        Text
    }
}
