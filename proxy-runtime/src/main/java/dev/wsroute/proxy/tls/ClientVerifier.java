// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLEngine;

/**
 * Verifies the certificates of clients in full handshakes, and limits their sessions: BoringSSL does not verify them again when a
 * session is resumed, so it must forget the session when the first certificate of the chain expires.
 */
final class ClientVerifier extends EngineTrustManager {

    private final ChainVerifier chains;

    ClientVerifier(ChainVerifier chains) {
        this.chains = chains;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains.verifyClient(chain, authType, engine);
        if (engine instanceof ReferenceCountedOpenSslEngine boring) {
            // Also the limit for sessions that are resumed again and again.
            SSL.setTimeout(
                    boring.sslPointer(),
                    PeerChain.left(chain, Instant.now(), TlsEngines.SESSION_LIFETIME)
                            .toSeconds());
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.authorities();
    }
}
