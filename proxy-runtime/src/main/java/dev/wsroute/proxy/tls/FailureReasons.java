// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.metrics.TlsFailure;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Classifies failed handshakes. The engines distinguish causes in their messages only. */
final class FailureReasons {

    private static final List<String> NOTHING_IN_COMMON = List.of(
            "unsupported_protocol",
            "no_shared_cipher",
            "no_shared_group",
            "unknown_protocol",
            "wrong_version_number",
            "version_too_low",
            "no_common_signature_algorithms",
            // The JDK's engine.
            "no cipher suites in common",
            "not enabled or supported",
            "client requested protocol");

    private static final List<String> CLIENT_CERTIFICATE = List.of(
            "peer_did_not_return_a_certificate",
            "certificate_verify_failed",
            // The JDK's engine.
            "empty client certificate chain",
            "bad_certificate");

    private FailureReasons() {}

    static TlsFailure of(Throwable cause) {
        if (!(cause instanceof SSLException) && cause instanceof IOException) {
            return TlsFailure.DISCONNECTED;
        }
        StringBuilder text = new StringBuilder();
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof CertificateException) {
                return TlsFailure.CLIENT_CERTIFICATE;
            }
            text.append(each.getMessage()).append('\n');
        }
        String message = text.toString().toLowerCase(Locale.ROOT);
        if (message.contains("connection closed") || message.contains("closedchannel")) {
            return TlsFailure.DISCONNECTED;
        }
        if (message.contains("_alert_") || message.contains("received fatal alert")) {
            return TlsFailure.REFUSED_BY_CLIENT;
        }
        if (CLIENT_CERTIFICATE.stream().anyMatch(message::contains)) {
            return TlsFailure.CLIENT_CERTIFICATE;
        }
        return NOTHING_IN_COMMON.stream().anyMatch(message::contains)
                ? TlsFailure.NO_COMMON_PARAMETERS
                : TlsFailure.PROTOCOL;
    }
}
