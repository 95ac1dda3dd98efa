// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The engine's context for one identity, built on first use. Once it is released it creates no more handlers; those that
 * it created keep the context. Thread-safe.
 */
final class ServerContext {

    private final ServerIdentity identity;
    private final ServerTerms terms;
    private final ListenerTickets tickets;
    private @Nullable SslContext context;
    /** Of its session tickets; null without any. */
    private byte @Nullable [] scope;

    private boolean released;

    ServerContext(ServerIdentity identity, ServerTerms terms, ListenerTickets tickets) {
        this.identity = identity;
        this.terms = terms;
        this.tickets = tickets;
    }

    ServerIdentity identity() {
        return identity;
    }

    ServerTerms terms() {
        return terms;
    }

    /**
     * A handler for a new connection.
     *
     * @return null once released: another context has replaced this one
     * @throws SSLException if the engine refuses the key or the certificate
     */
    @Nullable SslHandler newHandler(ByteBufAllocator allocator) throws SSLException {
        SslContext retained = retain();
        if (retained == null) {
            return null;
        }
        try {
            // This engine leaves incomplete records alone, as the hand-over to a tunnel requires.
            return new SslHandler(TlsEngines.newEngine(retained, terms, allocator));
        } finally {
            ReferenceCountUtil.release(retained);
        }
    }

    private synchronized @Nullable SslContext retain() throws SSLException {
        if (released) {
            return null;
        }
        SslContext built = context;
        if (built == null) {
            built = TlsEngines.server(identity, terms);
            if (terms.resumption()) {
                scope = tickets.install(built, identity, terms);
            }
            context = built;
        }
        return ReferenceCountUtil.retain(built);
    }

    /** Uses the listener's ticket keys from now on. */
    synchronized void renewTickets() {
        SslContext built = context;
        if (built != null && scope != null) {
            tickets.renew(built, scope);
        }
    }

    /** Whether the engine's context exists. */
    synchronized boolean isBuilt() {
        return context != null;
    }

    synchronized void release() {
        released = true;
        SslContext built = context;
        if (built != null) {
            context = null;
            ReferenceCountUtil.release(built);
        }
    }
}
