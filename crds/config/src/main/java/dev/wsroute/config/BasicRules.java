// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Which users with passwords (RFC 7617) may connect.
 *
 * @param credentials lines of an htpasswd file, with bcrypt or Argon2
 * @param realm what the user is asked a password for
 * @param forward whether the backend gets user and password
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BasicRules(
        @JsonPropertyDescription("The users: lines USER:HASH of an htpasswd file, with bcrypt or Argon2.")
        @JsonProperty(required = true)
        CredentialSource credentials,

        @Text(max = 128, form = TextForm.REALM) String realm,
        Boolean forward) {

    private static final String REALM = "wsroute";

    public BasicRules {
        realm = Defaults.or(realm, REALM);
        forward = Defaults.or(forward, false);
    }
}
