// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where passwords or API keys come from, one per line. Exactly one of the two is set.
 *
 * @param secret with the lines under {@code key}
 * @param file with the lines
 * @param key in the data of the Secret; {@value #DATA_KEY} if absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CredentialSource(
        @JsonPropertyDescription("A Secret, read through the Kubernetes API. Set either this or file.") @Nullable ObjectRef secret,

        @JsonPropertyDescription("Path of a file. Set either this or secret.") @NotBlank @Nullable String file,

        @Text(max = 253, form = TextForm.DATA_KEY) String key) {

    /** The key in the data of a Secret by default, as that of an {@code auth-file} of ingress-nginx. */
    public static final String DATA_KEY = "auth";

    public CredentialSource {
        key = Defaults.or(key, DATA_KEY);
    }

    /** Such as {@code Secret apps/machines (auth)} or {@code /etc/wsroute/users}; in reports, logs and sentences. */
    public String label() {
        return file == null ? "Secret " + secret + " (" + key + ")" : file;
    }
}
