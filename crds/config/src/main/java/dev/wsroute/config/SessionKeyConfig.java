// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where the key is that session cookies are made with; proxies that stand in for each other share it. Exactly one of
 * the two is given.
 *
 * @param secret read through the Kubernetes API
 * @param file read from the file system; its bytes are the key
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionKeyConfig(
        @JsonPropertyDescription("A Secret, read through the Kubernetes API. Either this or file.") @Nullable SecretRef secret,

        @JsonPropertyDescription("Path of a file whose bytes are the key. Either this or secret.") @Nullable String file) {

    /**
     * @param namespace of the Secret
     * @param name its name
     * @param key of its data; the value's bytes are the key
     */
    public record SecretRef(
            @JsonProperty(required = true) String namespace,
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String key) {}
}
