// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS to all backends with the same settings, for new connections. The control thread swaps the certificates; event loops
 * read them. A change does not affect open connections.
 */
public final class TlsClient {

    private final BackendSessionKeys sessions = new BackendSessionKeys();
    private volatile @Nullable ClientContext context;

    TlsClient() {}

    /**
     * A handler for a handshake.
     *
     * @param hostname SNI, and what the backend's certificate must be valid for
     * @param endpoint the peer of the connection, whose last session may be resumed
     * @return null if CA certificates or the client certificate are missing: then no handshake may begin
     * @throws SSLException if the engine refuses the key or the certificate
     */
    @Nullable SslHandler newHandler(ByteBufAllocator allocator, String hostname, SocketAddress endpoint) throws SSLException {
        while (true) {
            ClientContext current = context;
            if (current == null) {
                return null;
            }
            SslHandler handler = current.newHandler(allocator, hostname, sessions.of(endpoint));
            if (handler != null || current.equals(context)) {
                return handler;
            }
        }
    }

    /** After a handshake with the endpoint in which a session was offered and that failed: perhaps it fails because of that. */
    void abandonSessions(SocketAddress endpoint) {
        sessions.abandon(endpoint);
    }

    @Nullable ClientTerms terms() {
        ClientContext current = context;
        return current == null ? null : current.terms();
    }

    /** @param terms null: no handshake begins any more */
    void swap(@Nullable ClientTerms terms) {
        ClientContext before = context;
        if (terms != null && before != null && before.terms().equals(terms)) {
            return;
        }
        context = terms == null ? null : new ClientContext(terms);
        if (before != null) {
            before.release();
        }
    }
}
