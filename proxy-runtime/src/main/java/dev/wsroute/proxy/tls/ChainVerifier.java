// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.material.MaterialException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The platform's verification of certificate chains (RFC 5280 §6). It makes no requests: revocation is not checked. The limits
 * of {@link PeerChain} are checked first, whoever asks: the platform's own trust manager is not accessible.
 */
final class ChainVerifier {

    private final X509ExtendedTrustManager platform;

    private ChainVerifier(X509ExtendedTrustManager platform) {
        this.platform = platform;
    }

    /**
     * Trusts these CAs only.
     *
     * @throws MaterialException if the platform cannot use them
     */
    static ChainVerifier of(List<Certificate> authorities) throws MaterialException {
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
    static ChainVerifier ofSystem() throws MaterialException {
        try {
            ChainVerifier verifier = ofStore(null);
            if (verifier.authorities().length == 0) {
                throw new MaterialException("The Java runtime has no CA certificates");
            }
            return verifier;
        } catch (GeneralSecurityException e) {
            throw new MaterialException("The CA certificates of the Java runtime cannot be used", e);
        }
    }

    private static ChainVerifier ofStore(@Nullable KeyStore store) throws GeneralSecurityException, MaterialException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager manager) {
                return new ChainVerifier(manager);
            }
        }
        throw new MaterialException("The platform has no trust manager for X.509");
    }

    /** Verifies the chain of a client in its handshake. */
    void verifyClient(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        PeerChain.check(chain);
        platform.checkClientTrusted(chain, authType, engine);
    }

    /** Verifies the chain of a client outside a handshake. */
    void verifyClient(X509Certificate[] chain) throws CertificateException {
        PeerChain.check(chain);
        platform.checkClientTrusted(chain, "UNKNOWN");
    }

    /** Verifies the chain of a server, and that it is valid for the host name of the engine's connection. */
    void verifyServer(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        PeerChain.check(chain);
        platform.checkServerTrusted(chain, authType, engine);
    }

    /** The trusted CAs. */
    X509Certificate[] authorities() {
        return platform.getAcceptedIssuers();
    }
}
