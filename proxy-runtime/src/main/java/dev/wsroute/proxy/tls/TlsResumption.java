// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What the engines tell about resumed sessions. */
final class TlsResumption {

    private TlsResumption() {}

    /**
     * Whether the handshake that has succeeded resumed a session.
     *
     * @param begun when it began, in milliseconds since 1970
     */
    static boolean isResumed(SSLEngine engine, long begun) {
        if (engine instanceof ReferenceCountedOpenSslEngine boring) {
            long pointer = boring.sslPointer();
            return pointer != 0 && SSL.isSessionReused(pointer);
        }
        return engine.getSession().getCreationTime() < begun;
    }

    /**
     * Why the client of a resumed session must not be let in although its ticket was good; null if it may. The engines do not verify
     * certificates again.
     *
     * @param clients whom the listener trusts; null if it asks for no certificates
     */
    static @Nullable String refusal(SSLEngine engine, @Nullable TrustedClients clients) {
        if (clients == null) {
            return null;
        }
        try {
            Certificate[] peers = engine.getSession().getPeerCertificates();
            X509Certificate[] chain = new X509Certificate[peers.length];
            for (int i = 0; i < peers.length; i++) {
                chain[i] = (X509Certificate) peers[i];
            }
            clients.verifyAgain(chain);
            return null;
        } catch (SSLPeerUnverifiedException none) {
            // The mode is part of the ticket's scope.
            return null;
        } catch (CertificateException e) {
            return "the client's certificate is no longer valid";
        }
    }
}
