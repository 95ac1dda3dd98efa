// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Source of the key of session cookies; proxies that serve the same clients must share it. Exactly one of the two is set.
 *
 * @param secret read through the Kubernetes API
 * @param file read from the file system; contains the raw key
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionKeyConfig(
        @JsonPropertyDescription("A Secret, read through the Kubernetes API. Set either this or file.") @Nullable SecretRef secret,

        @JsonPropertyDescription("Path of a file that contains the raw key. Set either this or secret.")
        @NotBlank @Nullable String file) {

    /**
     * @param namespace of the Secret
     * @param name its name
     * @param key in its data; the value is the raw key
     */
    public record SecretRef(
            @NotBlank @JsonProperty(required = true) String namespace,
            @NotBlank @JsonProperty(required = true) String name,
            @NotBlank @JsonProperty(required = true) String key) {}
}
