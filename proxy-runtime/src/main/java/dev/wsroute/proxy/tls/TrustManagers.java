// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The platform's verification of certificate chains (RFC 5280 §6). It makes no requests: revocation is not checked. */
final class TrustManagers {

    private TrustManagers() {}

    /**
     * Trusts these CAs only.
     *
     * @throws MaterialException if the platform cannot use them
     */
    static X509ExtendedTrustManager of(List<Certificate> authorities) throws MaterialException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            return ofStore(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new MaterialException("The CA certificates cannot be used", e);
        }
    }

    /**
     * Trusts the CAs of the Java runtime.
     *
     * @throws MaterialException if it has none
     */
    static X509ExtendedTrustManager ofSystem() throws MaterialException {
        try {
            X509ExtendedTrustManager manager = ofStore(null);
            if (manager.getAcceptedIssuers().length == 0) {
                throw new MaterialException("The Java runtime has no CA certificates");
            }
            return manager;
        } catch (GeneralSecurityException e) {
            throw new MaterialException("The CA certificates of the Java runtime cannot be used", e);
        }
    }

    private static X509ExtendedTrustManager ofStore(@Nullable KeyStore store)
            throws GeneralSecurityException, MaterialException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager manager) {
                return manager;
            }
        }
        throw new MaterialException("The platform has no trust manager for X.509");
    }
}
