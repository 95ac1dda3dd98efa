// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cookie that pins a client to an endpoint, before weights and balancing.
 *
 * @param type how to recognise a client
 * @param sessionName of the cookie: a token of RFC 6265
 * @param absoluteTimeout lifetime of a session, from its first connection; absent: until the client drops its session cookies
 * @param sameSite whether browsers send the cookie with requests from other sites
 * @param secure when the cookie is sent only over TLS; must be {@code Always} if {@code sameSite} is {@code None}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionPersistence(
        Type type,
        @Text(max = 64, form = TextForm.COOKIE_NAME) String sessionName,

        @Span(min = Span.ABOVE_ZERO, max = "8760h") @Nullable Duration absoluteTimeout,

        SameSite sameSite,
        Secure secure) {

    public SessionPersistence {
        type = Defaults.or(type, Type.Cookie);
        sessionName = Defaults.or(sessionName, "wsroute");
        sameSite = Defaults.or(sameSite, SameSite.Lax);
        secure = Defaults.or(secure, Secure.WhenTLS);
    }

    /** Of this name and duration, for the own site, and secure when the client came by TLS. */
    public static SessionPersistence of(String sessionName, @Nullable Duration absoluteTimeout) {
        return new SessionPersistence(Type.Cookie, sessionName, absoluteTimeout, SameSite.Lax, Secure.WhenTLS);
    }

    @Rule(
            cel = "!has(self.sameSite) || self.sameSite != 'None' || (has(self.secure) && self.secure == 'Always')",
            message = "needs secure: Always with sameSite None, since browsers drop such a cookie otherwise")
    boolean isKeptByBrowsers() {
        return sameSite != SameSite.None || secure == Secure.Always;
    }

    /** How to recognise a client. */
    public enum Type {
        /** By a cookie that the proxy sets. */
        Cookie
    }

    /** With which requests browsers send the cookie. The constants are those of RFC 6265bis, section 5.6.7. */
    public enum SameSite {
        /** Requests from the same site, and when a user follows a link to it. */
        Lax,
        /** Only requests from the same site. */
        Strict,
        /** Requests from all sites; browsers accept such a cookie only if it is secure. */
        None
    }

    /** When the cookie has the attribute {@code Secure}, so that browsers send it only over TLS. */
    public enum Secure {
        /** If the client uses TLS, as far as the proxy knows. */
        WhenTLS,
        /** Always. */
        Always
    }
}
