// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.SessionPersistence;
import org.jspecify.annotations.Nullable;

/** Sends further connections of a client to the same backend pod as its first one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionPersistenceSpec(
        @JsonPropertyDescription("How to recognise a client. Cookie: by a cookie that the proxy sets.")
        SessionPersistence.@Nullable Type type,

        @JsonPropertyDescription("Name of the cookie.") @Nullable String sessionName,

        @JsonPropertyDescription(
                "Lifetime of a session, from its first connection; at most 8760h. Absent: as long as the client "
                        + "keeps session cookies.")
        @Nullable String absoluteTimeout,

        @JsonPropertyDescription(
                "SameSite attribute of the cookie: with which requests browsers send it. Lax: requests from "
                        + "your own site, and when a user follows a link to it. Strict: only requests from your own site. "
                        + "None: requests from all sites, for example from a page that embeds yours; requires secure: "
                        + "Always.")
        SessionPersistence.@Nullable SameSite sameSite,

        @JsonPropertyDescription(
                "Secure attribute of the cookie: browsers send it only over TLS. WhenTLS: set if the client "
                        + "uses TLS, as reported by trusted proxies. Always: always set; clients without TLS then have no "
                        + "session.")
        SessionPersistence.@Nullable Secure secure) {}
