// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that a client trusts, and its own.
 *
 * @param authorities trusted CAs; null for those of the platform
 * @param identity the client's certificate; null for none
 */
record Tls(
        @Nullable List<Certificate> authorities, @Nullable ClientCertificate identity) {

    /** A client certificate. */
    record ClientCertificate(List<Certificate> chain, PrivateKey key) {}

    /** @throws IOException with one sentence */
    SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), trusted(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot set up TLS to the Kubernetes API: " + e.getMessage(), e);
        }
    }

    private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
        if (identity == null) {
            return null;
        }
        KeyStore store = empty();
        store.setKeyEntry(
                "client", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trusted() throws GeneralSecurityException, IOException {
        if (authorities == null) {
            return null;
        }
        KeyStore store = empty();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
