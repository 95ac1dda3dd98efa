// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.tls.CertificateMap.Slot;
import org.jspecify.annotations.Nullable;

/** A connection whose handshake has succeeded. Immutable. */
public final class TlsSession {

    private final Slot slot;
    private final boolean asksClients;
    private final @Nullable String clientCertificate;
    private final boolean resumed;

    TlsSession(Slot slot, boolean asksClients, @Nullable String clientCertificate, boolean resumed) {
        this.slot = slot;
        this.asksClients = asksClients;
        this.clientCertificate = clientCertificate;
        this.resumed = resumed;
    }

    /**
     * Whether a request for this host may use the connection: the host must not select another certificate than the one
     * that the client was shown (RFC 9110 §7.4, §15.5.20).
     *
     * @param current the listener of the connection's port now, perhaps another one than at the handshake
     * @param host in lower case without port and trailing dot
     */
    public boolean covers(TlsListener current, String host) {
        return current.covers(slot, host);
    }

    /**
     * Whether the port still has a certificate from the same source as the one that the client was shown.
     *
     * @param current the listener of the connection's port now, perhaps another one than at the handshake
     */
    public boolean isPresentedBy(TlsListener current) {
        return current.presents(slot);
    }

    /**
     * Whether a new connection would be asked for a client certificate that this client was not asked for, or would need one that
     * it did not present. One that was verified in the handshake is not verified again.
     *
     * @param current the listener of the connection's port now, perhaps another one than at the handshake
     */
    public boolean missesClientCertificate(TlsListener current) {
        Mode demanded = current.demanded();
        return demanded != null && (!asksClients || (demanded == Mode.Require && clientCertificate == null));
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
