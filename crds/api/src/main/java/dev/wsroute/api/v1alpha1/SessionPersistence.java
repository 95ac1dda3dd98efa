package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.Durations;
import dev.wsroute.config.HttpNames;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Sends a client's later connections to the backend pod of its first. */
@ValidationRule(value = FieldRules.SAME_SITE_RULE, message = FieldRules.SAME_SITE_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionPersistence(
        @JsonPropertyDescription("How a client is recognised. Cookie: by a cookie that the proxy sets.")
        @Default("Cookie")
        @Nullable Type type,

        @JsonPropertyDescription("Name of the cookie.")
        @Default("wsroute")
        @Pattern(HttpNames.TOKEN) @Size(min = 1, max = 64) @ValidationRule(value = FieldRules.COOKIE_NAME_RULE, message = FieldRules.COOKIE_NAME_MESSAGE)
        @Nullable String sessionName,

        @JsonPropertyDescription(
                "How long a session lasts, counted from its first connection; at most 8760h. Absent: as"
                        + " long as the client keeps session cookies.")
        @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.SESSION_DURATION_RULE, message = FieldRules.SESSION_DURATION_MESSAGE)
        @Nullable String absoluteTimeout,

        @JsonPropertyDescription(
                "Which requests browsers send the cookie with. Lax: requests of your own site, and when a user follows a"
                        + " link to it. Strict: requests of your own site only. None: requests of all sites, such as a page"
                        + " that embeds yours; needs secure: Always.")
        @Default("Lax")
        @Nullable SameSite sameSite,

        @JsonPropertyDescription(
                "When the cookie is Secure, so that browsers send it by TLS only. WhenTLS: when the client came by"
                        + " TLS, as trusted proxies tell. Always: also when nobody tells; clients without TLS have no"
                        + " session then.")
        @Default("WhenTLS")
        @Nullable Secure secure) {

    /** How a client is recognised. */
    public enum Type {
        Cookie
    }

    /** Which requests browsers send the cookie with. */
    public enum SameSite {
        Lax,
        Strict,
        None
    }

    /** When the cookie is for TLS alone. */
    public enum Secure {
        WhenTLS,
        Always
    }
}
