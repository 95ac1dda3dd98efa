// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where public keys that verify tokens come from, as a JWK Set or in PEM. Exactly one of the three is set.
 *
 * @param configMap with the keys under {@code key}
 * @param secret with the keys under {@code key}
 * @param file with the keys
 * @param key in the data of the ConfigMap or Secret; {@value #DATA_KEY} if absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeySource(
        @JsonPropertyDescription(
                "A ConfigMap with a JWK Set or public keys in PEM. Set exactly one of configMap, secret and file.")
        @Nullable ObjectRef configMap,

        @JsonPropertyDescription("A Secret with a JWK Set or public keys in PEM.") @Nullable ObjectRef secret,

        @JsonPropertyDescription("Path of a file with a JWK Set or public keys in PEM.") @NotBlank @Nullable String file,

        @Text(max = 253, form = TextForm.DATA_KEY) String key) {

    /** The key in the data of a ConfigMap or Secret by default, and what a file's content is offered as. */
    public static final String DATA_KEY = "jwks.json";

    public KeySource {
        key = Defaults.or(key, DATA_KEY);
    }

    /** Such as {@code ConfigMap apps/issuer (jwks.json)} or {@code /etc/wsroute/jwks.json}; in reports, logs and sentences. */
    public String label() {
        if (file != null) {
            return file;
        }
        return (secret != null ? "Secret " + secret : "ConfigMap " + configMap) + " (" + key + ")";
    }
}
