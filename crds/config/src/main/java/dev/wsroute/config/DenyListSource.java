// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where revoked tokens are listed: one a line, {@code jti ID} or {@code sub SUBJECT}. Exactly one of the two is set.
 *
 * @param configMap with the list under {@value #DATA_KEY}
 * @param file with the list
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DenyListSource(
        @JsonPropertyDescription("A ConfigMap with the list under deny.list. Set either this or file.") @Nullable ObjectRef configMap,

        @JsonPropertyDescription(
                "Path of a file with one revoked token a line, 'jti ID' or 'sub SUBJECT'. Set either this or configMap.")
        @NotBlank @Nullable String file) {

    /** The key of the list in the ConfigMap's data. */
    public static final String DATA_KEY = "deny.list";

    /** Such as {@code ConfigMap apps/revoked} or {@code /etc/wsroute/deny.list}; in reports, logs and sentences. */
    public String label() {
        return configMap != null ? "ConfigMap " + configMap : String.valueOf(file);
    }
}
