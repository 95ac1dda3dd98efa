// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Sends a client's later connections to the backend pod of its first. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionPersistence(
        @JsonPropertyDescription("How a client is recognised. Cookie: by a cookie that the proxy sets.")
        dev.wsroute.config.SessionPersistence.@Nullable Type type,

        @JsonPropertyDescription("Name of the cookie.") @Nullable String sessionName,

        @JsonPropertyDescription(
                "How long a session lasts, counted from its first connection; at most 8760h. Absent: as"
                        + " long as the client keeps session cookies.")
        @Nullable String absoluteTimeout,

        @JsonPropertyDescription(
                "Which requests browsers send the cookie with. Lax: requests of your own site, and when a user follows a"
                        + " link to it. Strict: requests of your own site only. None: requests of all sites, such as a page"
                        + " that embeds yours; needs secure: Always.")
        dev.wsroute.config.SessionPersistence.@Nullable SameSite sameSite,

        @JsonPropertyDescription(
                "When the cookie is Secure, so that browsers send it by TLS only. WhenTLS: when the client came by"
                        + " TLS, as trusted proxies tell. Always: also when nobody tells; clients without TLS have no"
                        + " session then.")
        dev.wsroute.config.SessionPersistence.@Nullable Secure secure) {}
