// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a listener.
 *
 * @param certificates chosen by the client's SNI (RFC 6066, section 3); if none fits, the first. 1 to {@value #MAX_CERTIFICATES}
 * @param clientCertificates that clients present; absent: none are asked for
 * @param minVersion oldest protocol version
 * @param redirectFrom name of the listener with protocol HTTP whose requests are redirected to this listener; absent: none
 * @param sessionTickets whether clients get tickets to resume their sessions with
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ListenerTls(
        @JsonPropertyDescription(
                "Certificates with their keys, at least one. The client's SNI selects the certificate; if none fits, the "
                        + "first is used.")
        List<CertificateSource> certificates,

        @Nullable ClientCertificates clientCertificates,
        Version minVersion,
        @Nullable String redirectFrom,
        SessionTickets sessionTickets) {

    /** Maximum number of certificates of a listener. */
    public static final int MAX_CERTIFICATES = 10_000;

    public ListenerTls {
        certificates = Defaults.list(certificates);
        minVersion = Defaults.or(minVersion, Version.TLS_1_2);
        sessionTickets = Defaults.or(sessionTickets, SessionTickets.Enabled);
    }

    /** TLS with these certificates and the defaults otherwise. */
    public static ListenerTls of(List<CertificateSource> certificates) {
        return new ListenerTls(certificates, null, Version.TLS_1_2, null, SessionTickets.Enabled);
    }

    /** Whether clients get tickets to resume their sessions with (RFC 5077, RFC 8446 section 4.6.1). */
    public enum SessionTickets {
        /** A client resumes its session on every proxy that shares the ticket keys. */
        Enabled,
        /** Every handshake is a full one. */
        Disabled
    }

    /** A version of TLS. */
    public enum Version {
        /** RFC 5246. */
        @JsonProperty("1.2")
        TLS_1_2("1.2"),
        /** RFC 8446. */
        @JsonProperty("1.3")
        TLS_1_3("1.3");

        private final String number;

        Version(String number) {
            this.number = number;
        }

        /** As in documents, such as 1.2. */
        @Override
        public String toString() {
            return number;
        }
    }
}
