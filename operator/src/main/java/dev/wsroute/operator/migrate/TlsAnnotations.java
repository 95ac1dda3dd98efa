// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Annotations about TLS with clients and backends. */
final class TlsAnnotations {

    private TlsAnnotations() {}

    static void backendProtocol(String name, Annotations annotations, Settings settings) {
        String protocol = annotations.text(name).toUpperCase(Locale.ROOT);
        if (protocol.equals("HTTP")) {
            return;
        }
        if (!protocol.equals("HTTPS")) {
            settings.notes().add(name + ": " + protocol + " has no counterpart; keep these paths out of the route.");
            return;
        }
        ObjectNode tls = settings.backend().putObject("tls");
        boolean verified = annotations.is("proxy-ssl-verify", "on");
        annotations.get("proxy-ssl-name").ifPresent(host -> tls.put("hostname", host.toLowerCase(Locale.ROOT)));
        annotations.get("proxy-ssl-secret").map(TlsAnnotations::objectName).ifPresent(secret -> {
            tls.putArray("caCertificateRefs").addObject().put("kind", "Secret").put("name", secret);
            tls.putObject("clientCertificateRef").put("name", secret);
        });
        if (!verified) {
            settings.notes()
                    .add(name + ": ingress-nginx did not verify the backend's certificate, wsroute always does; set"
                            + " tls.caCertificateRefs and tls.hostname to what the certificate was made with.");
        }
    }

    static void clientCertificates(String name, Annotations annotations, Settings settings) {
        String mode = annotations.get("auth-tls-verify-client").orElse("on");
        switch (mode) {
            case "off" -> {}
            case "optional_no_ca" ->
                settings.notes().add("auth-tls-verify-client: " + mode + " has no counterpart; clients are not asked.");
            default -> {
                // For ingress-nginx, an unknown word is "on".
                ObjectNode clients = settings.tls().putObject("clientCertificates");
                clients.put("mode", mode.equals("optional") ? "Request" : "Require");
                clients.putArray("caCertificateRefs")
                        .addObject()
                        .put("kind", "Secret")
                        .put("name", objectName(annotations.text(name)));
            }
        }
    }

    /** Annotations name a Secret as {@code NAMESPACE/NAME}. */
    private static String objectName(String secret) {
        return secret.substring(secret.indexOf('/') + 1);
    }
}
