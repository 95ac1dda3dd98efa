package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cookie that pins a client to an endpoint, before weights and balancing.
 *
 * @param cookieName a token of RFC 6265, at most 64 characters
 * @param absoluteTimeout how long the pin holds since it was issued; absent: until the client drops its session cookies
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionPersistence(
        String cookieName, @Nullable Duration absoluteTimeout) {

    /** The cookie where the document is silent. */
    public static final String DEFAULT_COOKIE_NAME = "wsroute";

    public SessionPersistence {
        cookieName = Defaults.or(cookieName, DEFAULT_COOKIE_NAME);
    }
}
