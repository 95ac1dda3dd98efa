// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The engine's context for one identity of a listener. */
final class ServerContext extends LazyContext {

    private final ServerIdentity identity;
    private final ServerTerms terms;
    private final ListenerTickets tickets;
    /** Of its session tickets; null without any, or before the context is built. */
    private byte @Nullable [] scope;

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

    @Override
    SslContext build() throws SSLException {
        SslContext built = TlsEngines.server(identity, terms);
        try {
            scope = terms.resumption() ? tickets.install(built, identity, terms) : null;
        } catch (Throwable e) {
            ReferenceCountUtil.release(built);
            throw e;
        }
        return built;
    }

    /** As {@link #newHandler(java.util.function.Function)}. */
    @Nullable SslHandler newHandler(ByteBufAllocator allocator) throws SSLException {
        return newHandler(context -> TlsEngines.newEngine(context, terms, allocator));
    }

    /** Uses the listener's ticket keys from now on. */
    synchronized void renewTickets() {
        SslContext built = built();
        byte[] installed = scope;
        if (built != null && installed != null) {
            tickets.renew(built, installed);
        }
    }
}
