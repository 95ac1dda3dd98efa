// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.ListenerTls.Version;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** TLS listeners for tests. */
public final class TlsFixture {

    private TlsFixture() {}

    /** A listener with these certificates, whose sources are named {@code 0}, {@code 1} and so on. */
    public static TlsListener listener(Issued... certificates) {
        TlsListener listener = new TlsListener("wss");
        renew(listener, certificates);
        return listener;
    }

    /** A listener with one certificate in PEM. */
    public static TlsListener listener(String certificate, String key) {
        TlsListener listener = new TlsListener("wss");
        try {
            listener.swap(
                    Map.of("0", ServerIdentity.parse("tls.crt", bytes(certificate), "tls.key", bytes(key))),
                    terms(null));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
        return listener;
    }

    /** A listener that asks for client certificates of {@code clients}. */
    public static TlsListener listener(Mode mode, TestAuthority clients, Issued... certificates) {
        TlsListener listener = new TlsListener("wss");
        ask(listener, mode, clients, certificates);
        return listener;
    }

    /** Makes a listener ask for client certificates of {@code clients}. */
    public static void ask(TlsListener listener, Mode mode, TestAuthority clients, Issued... certificates) {
        try {
            CaBundle bundle = CaBundle.parse("ca.crt", bytes(clients.certificatePem()));
            listener.swap(
                    identities(certificates),
                    new ServerTerms(Version.TLS_1_2, TrustedClients.of(mode, bundle.certificates())));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Replaces the certificates. */
    public static void renew(TlsListener listener, Issued... certificates) {
        listener.swap(identities(certificates), terms(null));
    }

    static ServerTerms terms(@Nullable TrustedClients clients) {
        return new ServerTerms(Version.TLS_1_2, clients);
    }

    static Map<String, ServerIdentity> identities(Issued... certificates) {
        Map<String, ServerIdentity> identities = new LinkedHashMap<>();
        for (int i = 0; i < certificates.length; i++) {
            identities.put(String.valueOf(i), identity(certificates[i]));
        }
        return identities;
    }

    static ServerIdentity identity(Issued issued) {
        try {
            return ServerIdentity.parse("tls.crt", bytes(issued.certificatePem()), "tls.key", bytes(issued.keyPem()));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
