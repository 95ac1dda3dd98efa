// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate chain and its private key come from: a Secret, or two files.
 *
 * @param secret of type {@code kubernetes.io/tls}: the keys {@code tls.crt} and {@code tls.key}
 * @param certificateFile PEM file with the chain, the server's certificate first; with {@code keyFile}
 * @param keyFile PEM file with the private key
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateSource(
        @JsonPropertyDescription(
                "A Secret of type kubernetes.io/tls, read through the Kubernetes API. Set either this, or "
                        + "certificateFile and keyFile.")
        @Nullable ObjectRef secret,

        @JsonPropertyDescription(
                "Path of a PEM file with the certificate chain, the server's certificate first. Requires keyFile.")
        @NotBlank @Nullable String certificateFile,

        @JsonPropertyDescription("Path of a PEM file with the private key.") @NotBlank @Nullable String keyFile) {

    /** The Secret {@code namespace/name}. */
    public static CertificateSource ofSecret(String namespace, String name) {
        return new CertificateSource(new ObjectRef(namespace, name), null, null);
    }

    /** Two PEM files. */
    public static CertificateSource ofFiles(String certificateFile, String keyFile) {
        return new CertificateSource(null, certificateFile, keyFile);
    }

    /** Such as {@code Secret apps/chat-tls} or {@code /etc/tls/chat.crt}; in reports, logs and sentences. */
    public String label() {
        return secret != null ? "Secret " + secret : String.valueOf(certificateFile);
    }
}
