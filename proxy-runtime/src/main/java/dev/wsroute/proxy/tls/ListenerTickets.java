// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;

/** The session ticket keys of a listener, for all its contexts. Thread-safe. */
final class ListenerTickets {

    private final String listener;
    private volatile TicketKeys keys = TicketKeys.random();

    ListenerTickets(String listener) {
        this.listener = listener;
    }

    TicketKeys keys() {
        return keys;
    }

    /** Contexts use these keys once they are {@linkplain #renew renewed}. */
    void use(TicketKeys next) {
        keys = next;
    }

    /**
     * Prepares a new context for resumption. The JDK's has keys of its own.
     *
     * @return the scope of its tickets
     */
    byte[] install(SslContext context, ServerIdentity identity, ServerTerms terms) {
        byte[] scope = TicketScope.of(listener, terms, identity);
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // BoringSSL compares it with the ticket's, whatever key has opened that.
            sessions.setSessionIdContext(scope);
        }
        renew(context, scope);
        return scope;
    }

    /** Lets a context encrypt and decrypt tickets with the current keys. Handshakes may be going on. */
    void renew(SslContext context, byte[] scope) {
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setTicketKeys(keys.derive(scope));
        }
    }
}
