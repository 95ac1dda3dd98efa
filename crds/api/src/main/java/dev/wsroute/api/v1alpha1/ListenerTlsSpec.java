// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerTls;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS of a listener. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ListenerTlsSpec(
        @JsonPropertyDescription(
                "Secrets with certificates. The host name that a client asks for (SNI) selects one: an exact name of a "
                        + "certificate before a wildcard; if none fits, the first of the list. New connections use a renewed "
                        + "Secret or another list at once.")
        @Required
        @Size(min = 1, max = 64) @ValidationRule(value = FieldRules.CERTIFICATES_RULE, message = FieldRules.CERTIFICATES_MESSAGE)
        List<CertificateRef> certificateRefs,

        @JsonPropertyDescription("Certificates that clients present. Absent: clients are not asked for one.") @Nullable ClientCertificatesSpec clientCertificates,

        @JsonPropertyDescription("Oldest version of TLS that clients may use.")
        ListenerTls.@Nullable Version minVersion,

        @JsonPropertyDescription(
                "Name of a listener with protocol HTTP. All its requests, including WebSocket handshakes, are redirected to "
                        + "this listener with 308.")
        @Pattern(FieldRules.PORT_NAME) @Size(min = 1, max = 15) @Nullable String redirectFrom,

        @JsonPropertyDescription(
                "Enabled: a client that comes back resumes its TLS session on any proxy of the route, which costs a fraction "
                        + "of a full handshake. Disabled: every handshake is a full one.")
        ListenerTls.@Nullable SessionTickets sessionTickets) {

    /** A Secret with a certificate. */
    public record CertificateRef(
            @JsonPropertyDescription("Name of a Secret of type kubernetes.io/tls in the route's namespace.") @Required
            String name) {}

    /** Certificates that clients present. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ClientCertificatesSpec(
            @JsonPropertyDescription(
                    "Require: clients without a valid certificate cannot connect. Request: clients may also have no "
                            + "certificate; an invalid one is refused.")
            ClientCertificates.@Nullable Mode mode,

            @JsonPropertyDescription("CAs that may have issued the clients' certificates.")
            @Required
            @Size(min = 1, max = 16) @ValidationRule(value = FieldRules.CA_CERTIFICATES_RULE, message = FieldRules.CA_CERTIFICATES_MESSAGE)
            List<CaCertificateRef> caCertificateRefs) {}

    /** A ConfigMap or Secret with CA certificates. */
    public record CaCertificateRef(
            @JsonPropertyDescription("Kind of the object.") @Default("ConfigMap") @Nullable Kind kind,

            @JsonPropertyDescription(
                    "Name of the object in the route's namespace. Its key ca.crt holds the certificates in PEM.")
            @Required
            String name) {

        /** Kinds of objects that hold CA certificates. */
        public enum Kind {
            ConfigMap,
            Secret
        }
    }
}
