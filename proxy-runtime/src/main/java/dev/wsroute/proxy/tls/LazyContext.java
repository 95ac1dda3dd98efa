// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A context of the engine, built on first use. Once it is released it creates no more handlers; those that it created keep
 * the context. Thread-safe.
 */
abstract class LazyContext {

    private @Nullable SslContext context;
    private boolean released;

    /** @throws SSLException if the engine refuses the key or the certificate */
    abstract SslContext build() throws SSLException;

    /** The context creates no more handlers; those that it created may be in use. Called at most once. */
    void retire(SslContext context) {
        // Nothing to do.
    }

    /**
     * A handler for a new connection.
     *
     * @param engine creates the engine; one of {@code newEngine}, other than of {@code newHandler}, leaves incomplete
     *     records alone, as the hand-over to a tunnel requires
     * @return null once released: another context has replaced this one
     * @throws SSLException if the engine refuses the key or the certificate
     */
    final @Nullable SslHandler newHandler(Function<SslContext, SSLEngine> engine) throws SSLException {
        SslContext retained = retain();
        if (retained == null) {
            return null;
        }
        try {
            return new SslHandler(engine.apply(retained));
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
            built = build();
            context = built;
        }
        return ReferenceCountUtil.retain(built);
    }

    /** Whether the engine's context exists. */
    final synchronized boolean isBuilt() {
        return context != null;
    }

    /** Null before its first use, or once released. Call while holding the monitor. */
    final @Nullable SslContext built() {
        return context;
    }

    final synchronized void release() {
        released = true;
        SslContext built = context;
        if (built != null) {
            context = null;
            retire(built);
            ReferenceCountUtil.release(built);
        }
    }
}
