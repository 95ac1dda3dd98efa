// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where trusted CA certificates come from, as a PEM bundle. Exactly one of the three is set.
 *
 * @param configMap with the bundle under {@value #DATA_KEY}
 * @param secret with the bundle under {@value #DATA_KEY}
 * @param file PEM file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CaCertificateSource(
        @JsonPropertyDescription(
                "A ConfigMap with a PEM bundle under ca.crt. Set exactly one of configMap, secret and file.")
        @Nullable ObjectRef configMap,

        @JsonPropertyDescription("A Secret with a PEM bundle under ca.crt.") @Nullable ObjectRef secret,

        @JsonPropertyDescription("Path of a PEM file.") @NotBlank @Nullable String file) {

    /** The key of the bundle in a ConfigMap or Secret. */
    public static final String DATA_KEY = "ca.crt";

    /** The ConfigMap {@code namespace/name}. */
    public static CaCertificateSource ofConfigMap(String namespace, String name) {
        return new CaCertificateSource(new ObjectRef(namespace, name), null, null);
    }

    /** The Secret {@code namespace/name}. */
    public static CaCertificateSource ofSecret(String namespace, String name) {
        return new CaCertificateSource(null, new ObjectRef(namespace, name), null);
    }

    /** A PEM file. */
    public static CaCertificateSource ofFile(String file) {
        return new CaCertificateSource(null, null, file);
    }

    /** Such as {@code ConfigMap apps/clients}, {@code Secret apps/clients} or {@code /etc/tls/ca.crt}. */
    public String label() {
        if (configMap != null) {
            return "ConfigMap " + configMap;
        }
        return secret != null ? "Secret " + secret : String.valueOf(file);
    }
}
