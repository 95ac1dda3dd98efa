// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS from the proxy to a backend. The backend's certificate is always verified.
 *
 * @param caCertificates of the CAs that may have issued the backend's certificate; 1 to {@value #MAX_CA_CERTIFICATES}; absent:
 *     those of {@code wellKnownCACertificates}
 * @param wellKnownCACertificates a set of CAs that needs no configuration; absent: System, unless there are caCertificates
 * @param hostname that the backend's certificate must be valid for, and that the proxy sends as SNI (RFC 6066, section 3);
 *     absent: see {@link BackendConfig#tlsHostname()}
 * @param clientCertificate that the proxy presents if the backend asks for one; absent: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackendTls(
        @JsonPropertyDescription("CAs that may have issued the backend's certificate, at least one. "
                + "Set at most one of this and wellKnownCACertificates.")
        @Nullable List<CaCertificateSource> caCertificates,

        @JsonPropertyDescription(
                "System: the CA certificates of the proxy's Java runtime, which are the public CAs in its image. "
                        + "The default unless there are caCertificates.")
        @Nullable WellKnownCaCertificates wellKnownCACertificates,

        @JsonPropertyDescription(
                "Host name that the backend's certificate must be valid for, also sent as SNI. Absent: the DNS "
                        + "name of the Service, service.namespace.svc; required if the backend has static endpoints.")
        @Text(max = 253, form = TextForm.PRECISE_HOSTNAME)
        @Nullable String hostname,

        @JsonPropertyDescription("Certificate that the proxy presents if the backend asks for one. Absent: none.")
        @Nullable CertificateSource clientCertificate) {

    /** Maximum number of sources of CA certificates. */
    public static final int MAX_CA_CERTIFICATES = 16;

    /** The system's CAs and the default host name. */
    public static final BackendTls SYSTEM = new BackendTls(null, null, null, null);

    public BackendTls {
        caCertificates = caCertificates == null ? null : List.copyOf(caCertificates);
    }

    @Rule(
            cel = "!has(self.caCertificateRefs) || !has(self.wellKnownCACertificates)",
            message = "must not have wellKnownCACertificates beside other CA certificates")
    boolean hasOneKindOfAuthorities() {
        return caCertificates == null || wellKnownCACertificates == null;
    }

    /** The sources of CA certificates; empty if the system's CAs are trusted. */
    public List<CaCertificateSource> authorities() {
        return caCertificates == null ? List.of() : caCertificates;
    }

    /** The same for any host. */
    public BackendTls withoutHostname() {
        return new BackendTls(caCertificates, wellKnownCACertificates, null, clientCertificate);
    }

    /** Sets of CA certificates that need no configuration. The constants are those of the Gateway API. */
    public enum WellKnownCaCertificates {
        /** The CA certificates of the proxy's Java runtime. */
        System
    }
}
