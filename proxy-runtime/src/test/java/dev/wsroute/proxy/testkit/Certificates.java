// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate with its key, for {@code CN=test}. */
public final class Certificates {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "one";
    private static final String SUBJECT = "test";

    private final KeyStore store;

    private Certificates(KeyStore store) {
        this.store = store;
    }

    /**
     * @param names such as {@code dns:localhost,ip:127.0.0.1}
     * @param algorithm {@code RSA} or {@code EC}
     */
    public static Certificates of(String names, String algorithm) throws Exception {
        KeyPair keys = CertificateWriter.newKeys(algorithm);
        Instant now = Instant.now();
        X509Certificate certificate = CertificateWriter.sign(
                SUBJECT,
                keys.getPrivate(),
                SUBJECT,
                keys.getPublic(),
                now.minus(Duration.ofHours(1)),
                now.plus(Duration.ofDays(2)),
                CertificateWriter.alternativeNames(names.split(",", -1)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(ALIAS, keys.getPrivate(), PASSWORD, new Certificate[] {certificate});
        return new Certificates(store);
    }

    /** The TLS context of a server with this certificate, and the client certificate that it demands, if any. */
    public SSLContext server(@Nullable Certificates clients) throws Exception {
        return serverTrusting(clients == null ? null : clients.store.getCertificate(ALIAS));
    }

    /** The TLS context of a client with this certificate. */
    public SSLContext serverTrusting(@Nullable Certificate client) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        if (client == null) {
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, client);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    public String certificatePem() throws GeneralSecurityException {
        return pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
    }

    public Key key() throws GeneralSecurityException {
        return store.getKey(ALIAS, PASSWORD);
    }

    /** The private key in PKCS#8. */
    public String keyPem() throws GeneralSecurityException {
        return pem("PRIVATE KEY", key().getEncoded());
    }

    public static String pem(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
