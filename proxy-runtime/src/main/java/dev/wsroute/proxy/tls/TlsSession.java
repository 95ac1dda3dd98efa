// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.tls.CertificateMap.Slot;
import org.jspecify.annotations.Nullable;

/** A connection whose handshake has succeeded. Immutable. */
public final class TlsSession {

    private final TlsListener listener;
    private final Slot slot;
    private final boolean asksClients;
    private final @Nullable String clientCertificate;
    private final boolean resumed;

    TlsSession(
            TlsListener listener, Slot slot, boolean asksClients, @Nullable String clientCertificate, boolean resumed) {
        this.listener = listener;
        this.slot = slot;
        this.asksClients = asksClients;
        this.clientCertificate = clientCertificate;
        this.resumed = resumed;
    }

    /**
     * Whether a request for this host may use the connection: the host must not select another certificate than the one
     * that the client was shown (RFC 9110 §7.4, §15.5.20).
     *
     * @param host in lower case without port and trailing dot
     */
    public boolean covers(String host) {
        return listener.covers(slot, host);
    }

    /** Whether the listener has begun to ask for client certificates since, so that this client was not asked. */
    public boolean missesClientCertificate() {
        return !asksClients && listener.asksClients();
    }

    /** Whether the listener asks for client certificates, so that X-Forwarded-Client-Cert is the proxy's. */
    public boolean asksClients() {
        return asksClients;
    }

    /** Whether the client resumed an earlier session. */
    public boolean isResumed() {
        return resumed;
    }

    /** The verified client certificate as X-Forwarded-Client-Cert; null if the client has none. */
    public @Nullable String clientCertificate() {
        return clientCertificate;
    }
}
