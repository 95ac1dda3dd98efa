// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Users and passwords that requests must carry (HTTP Basic). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BasicSpec(
        @JsonPropertyDescription(
                "Secret with an htpasswd file, whose passwords are hashed with bcrypt (htpasswd -B) or Argon2. The user becomes "
                        + "the subject. Changes are in force at once.")
        @Required
        UsersRef secretRef,

        @JsonPropertyDescription("What clients are asked a password for, the realm of RFC 7617.") @Nullable String realm,

        @JsonPropertyDescription("Whether the backend gets user and password.") @Nullable Boolean forward) {

    /** A Secret with users. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UsersRef(
            @JsonPropertyDescription("Name of the Secret in the route's namespace.") @Required
            String name,

            @JsonPropertyDescription("Key in the Secret's data under which the file is.") @Default("auth") @Nullable String key) {}
}
