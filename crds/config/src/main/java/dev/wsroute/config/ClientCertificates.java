// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * Which client certificates a listener asks for.
 *
 * @param mode whether clients must present a certificate
 * @param caCertificates of the CAs that may have issued it; 1 to {@value #MAX_CA_CERTIFICATES}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClientCertificates(
        Mode mode,

        @JsonPropertyDescription("CAs that may have issued the clients' certificates, at least one.")
        List<CaCertificateSource> caCertificates) {

    /** Maximum number of sources of CA certificates. */
    public static final int MAX_CA_CERTIFICATES = 16;

    public ClientCertificates {
        mode = Defaults.or(mode, Mode.Require);
        caCertificates = Defaults.list(caCertificates);
    }

    /** The same with other CA certificates. */
    public ClientCertificates withCaCertificates(List<CaCertificateSource> others) {
        return new ClientCertificates(mode, others);
    }

    /** Whether clients must present a certificate. */
    public enum Mode {
        /** A client without a valid certificate cannot connect. */
        Require,
        /** A client may have no certificate; an invalid one is refused. */
        Request
    }
}
