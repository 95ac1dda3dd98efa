// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.api.v1alpha1.ListenerTlsSpec.CaCertificateRef;
import dev.wsroute.api.v1alpha1.ListenerTlsSpec.CertificateRef;
import dev.wsroute.config.BackendTls;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS from the proxy to a backend. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackendTlsSpec(
        @JsonPropertyDescription(
                "ConfigMaps or Secrets with the CAs that may have issued the backend's certificate. New connections use "
                        + "renewed ones at once.")
        @Size(min = 1, max = 16) @Nullable List<CaCertificateRef> caCertificateRefs,

        @JsonPropertyDescription(
                "System: the public CAs in the proxy's image may have issued the backend's certificate. The default unless "
                        + "there are caCertificateRefs.")
        BackendTls.@Nullable WellKnownCaCertificates wellKnownCACertificates,

        @JsonPropertyDescription(
                "Host name that the backend's certificate must be valid for, and that the proxy sends as SNI. Absent: the DNS "
                        + "name of the Service, NAME.NAMESPACE.svc. Required with podSelector.")
        @Nullable String hostname,

        @JsonPropertyDescription("Secret with the certificate that the proxy presents to the backend. Absent: none.")
        @Nullable CertificateRef clientCertificateRef) {}
