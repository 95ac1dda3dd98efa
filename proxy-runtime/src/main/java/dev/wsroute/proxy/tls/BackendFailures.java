// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.metrics.BackendTlsFailure;
import io.netty.handler.ssl.NotSslRecordException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says why TLS with a backend failed. */
final class BackendFailures {

    /** The name of an alert in the messages of BoringSSL and of the JDK's engine. */
    private static final Pattern ALERT = Pattern.compile("(?i)(?:_ALERT_|received fatal alert: )([a-z_]{1,60})");

    private BackendFailures() {}

    static BackendTlsException of(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof BackendTlsException known) {
                return known;
            }
            if (each instanceof UnacceptedCertificateException refused) {
                return new BackendTlsException(refused.reason(), String.valueOf(refused.getMessage()), cause);
            }
            if (each instanceof NotSslRecordException) {
                // Not its message, which quotes the backend's bytes.
                return new BackendTlsException(BackendTlsFailure.NOT_TLS, "the backend does not speak TLS", cause);
            }
        }
        String message = String.valueOf(cause.getMessage());
        return switch (FailureReasons.of(cause)) {
            case DISCONNECTED ->
                new BackendTlsException(BackendTlsFailure.DISCONNECTED, "the backend disconnected", cause);
            case REFUSED_BY_CLIENT ->
                new BackendTlsException(
                        BackendTlsFailure.REFUSED_BY_BACKEND,
                        "the backend refused it with the alert " + alert(message),
                        cause);
            case NO_COMMON_PARAMETERS ->
                new BackendTlsException(
                        BackendTlsFailure.NO_COMMON_PARAMETERS,
                        "the backend has no version, cipher or group in common with the proxy",
                        cause);
            default -> new BackendTlsException(BackendTlsFailure.PROTOCOL, message, cause);
        };
    }

    private static String alert(String message) {
        Matcher alert = ALERT.matcher(message);
        return alert.find() ? alert.group(1).toLowerCase(Locale.ROOT) : "unknown";
    }
}
