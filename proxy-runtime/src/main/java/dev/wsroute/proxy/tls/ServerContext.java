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
    private @Nullable SslContext context;
    private boolean released;

    ServerContext(ServerIdentity identity, ServerTerms terms) {
        this.identity = identity;
        this.terms = terms;
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
            return new SslHandler(retained.newEngine(allocator));
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
            context = built;
        }
        return ReferenceCountUtil.retain(built);
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
