// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.tls.CertificateMap.Slot;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one listener, for new handshakes. The control thread swaps the certificates; event loops read them. A change
 * does not affect open connections.
 */
public final class TlsListener {

    private final String name;
    private final ListenerTickets tickets;
    private volatile CertificateMap certificates = CertificateMap.EMPTY;
    private volatile @Nullable Mode demanded;

    TlsListener(String name) {
        this.name = name;
        this.tickets = new ListenerTickets(name);
    }

    /** TLS of a listener that the configuration does not have: no handshake succeeds. */
    public static TlsListener withoutCertificates(String name) {
        return new TlsListener(name);
    }

    /** Name of the listener. */
    public String name() {
        return name;
    }

    /**
     * A handler for a handshake, and the certificate that it presents.
     *
     * @param asksClients whether clients are asked for certificates
     */
    record Accepted(SslHandler handler, Slot slot, boolean asksClients) {}

    /**
     * Begins a handshake.
     *
     * @param host SNI of the client, normalised; null for none
     * @return null if there is no certificate
     * @throws SSLException if the engine refuses the key or the certificate
     */
    @Nullable Accepted accept(@Nullable String host, ByteBufAllocator allocator) throws SSLException {
        while (true) {
            CertificateMap current = certificates;
            Slot slot = current.select(host);
            if (slot == null) {
                return null;
            }
            SslHandler handler = slot.context().newHandler(allocator);
            if (handler != null) {
                return new Accepted(handler, slot, slot.context().terms().clients() != null);
            }
            if (current.equals(certificates)) {
                // Released for good: the listener is closing.
                return null;
            }
        }
    }

    /** Whether a request for this host may use a connection with this certificate. Without certificates, none may. */
    boolean covers(Slot slot, String host) {
        return slot.isSameAs(certificates.select(host));
    }

    boolean presents(Slot slot) {
        return certificates.slots().stream().anyMatch(slot::isSameAs);
    }

    /** What the document demands of clients, also while no CA is known; null if they are not asked for certificates. */
    @Nullable Mode demanded() {
        return demanded;
    }

    CertificateMap certificates() {
        return certificates;
    }

    TicketKeys ticketKeys() {
        return tickets.keys();
    }

    /**
     * Sets what the document demands of clients. Call before the certificates are swapped: then no request is served on a
     * connection that was opened under the former terms.
     *
     * @param mode null if clients are not asked for certificates
     */
    void demand(@Nullable Mode mode) {
        demanded = mode;
    }

    /** @param identities in the order of the document, by source */
    void swap(Map<String, ServerIdentity> identities, ServerTerms terms) {
        swap(certificates.with(identities, terms, tickets));
    }

    /** Encrypts session tickets with other keys. Also handshakes that are going on use them. */
    void use(TicketKeys keys) {
        if (!keys.equals(tickets.keys())) {
            tickets.use(keys);
            certificates.slots().forEach(slot -> slot.context().renewTickets());
        }
    }

    /** No handshake succeeds any more. */
    void clear() {
        swap(CertificateMap.EMPTY);
    }

    private void swap(CertificateMap next) {
        CertificateMap before = certificates;
        certificates = next;
        before.releaseUnless(next);
    }
}
