// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.internal.tcnative.SSL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;

/**
 * Sessions with backends, to be resumed. They belong to a context: one with other CAs or another client certificate has none of
 * them. Within it, Netty keeps them by host name and port. BoringSSL only; with the JDK's engine every handshake is a full one.
 */
final class BackendSessions {

    /**
     * Limit for one context. A session takes 1.4 kB of native memory (measured), beside the certificates, which those of one handshake
     * share. With TLS 1.3 each is good for one connection, and servers send one or two at a time, so the older half is often spent.
     */
    static final int MOST = 256;

    /** How long a backend's certificate is believed, since it is verified in full handshakes only. */
    static final Duration LIFETIME = Duration.ofHours(1);

    private static final int NO_PORT = -1;

    private BackendSessions() {}

    /** Makes a new context keep sessions. */
    static void keep(OpenSslSessionContext sessions) {
        sessions.setSessionTimeout((int) LIFETIME.toSeconds());
        sessions.setSessionCacheSize(MOST);
        sessions.setSessionCacheEnabled(true);
    }

    /** Drops the sessions of a context, and keeps none from now on. */
    static void forget(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
    }

    /**
     * The peer's port for a new engine.
     *
     * @param key of the endpoint
     */
    static int port(SslContext context, int key) {
        // The JDK's engine does not limit sessions to the lifetime of the certificate.
        return context.sessionContext() instanceof OpenSslSessionContext ? key : NO_PORT;
    }

    /**
     * Drops the session that was offered in a handshake, unless the connection uses it: the backend does not know it any more, or
     * has replaced it. Netty would go on offering any of an endpoint's sessions.
     */
    static void dropReplaced(SSLEngine engine) {
        if (engine instanceof ReferenceCountedOpenSslEngine boring
                && boring.sslPointer() != 0
                && !Arrays.equals(
                        SSL.getSessionId(boring.sslPointer()),
                        boring.getSession().getId())) {
            boring.getSession().invalidate();
        }
    }

    /**
     * Ends the session of an engine in time, also if it is resumed again and again: when the first certificate of the chain expires.
     * Call in its full handshake.
     */
    static void limit(SSLEngine engine, X509Certificate[] chain) {
        if (engine instanceof ReferenceCountedOpenSslEngine boring) {
            SSL.setTimeout(
                    boring.sslPointer(),
                    PeerChain.left(chain, Instant.now(), LIFETIME).toSeconds());
        }
    }
}
