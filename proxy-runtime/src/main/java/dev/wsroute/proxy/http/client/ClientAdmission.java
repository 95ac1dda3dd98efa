// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.admission.ConnectionPermit;
import dev.wsroute.proxy.clientaddress.CheckedCertificate;
import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.clientaddress.ClientTrust;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.tls.TlsSession;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The identity and admission of a client's connection. Used only on its event loop. */
public final class ClientAdmission {

    private final ConnectionPermit permit;
    private InetSocketAddress peer;
    private boolean overTls;
    private boolean unnamed;
    private @Nullable TlsSession session;

    /** @param peer address of the socket's peer */
    ClientAdmission(ConnectionPermit permit, InetSocketAddress peer) {
        this.permit = permit;
        this.peer = peer;
    }

    /** The socket's peer, or the source in its PROXY protocol header. */
    InetSocketAddress peer() {
        return peer;
    }

    /** Applies a PROXY protocol header. */
    void proxiedFor(InetSocketAddress client, boolean secure) {
        peer = client;
        overTls = secure;
    }

    /**
     * Applies a PROXY protocol header that names no client ({@code UNKNOWN}, {@code LOCAL}). Headers about the client are
     * ignored from now on.
     */
    void proxiedForUnknown() {
        unnamed = true;
    }

    /**
     * Called once the peer is known. Connections of a trusted proxy are not counted per client here, since only their
     * requests name the client.
     *
     * @param trust settings at the time of accepting
     * @return false if the connection must be closed at once
     */
    boolean open(ClientTrust trust) {
        return trust.isTrusted(peer.getAddress()) || permit.acquireClientSlot(peer.getAddress());
    }

    /**
     * Begins a TLS handshake. The first WebSocket handshake on the connection is then not counted again.
     *
     * @return why it is refused; null when it may begin
     */
    @Nullable RefusalReason beginTls() {
        return permit.acquireTlsHandshake();
    }

    /** The TLS handshake has succeeded. */
    void secured(TlsSession established) {
        session = established;
        overTls = true;
    }

    /** Null without TLS. */
    @Nullable TlsSession session() {
        return session;
    }

    /** The client of a request under the given trust settings. */
    ClientInfo clientInfo(ClientTrust trust, HttpHeaders headers) {
        ClientInfo info = unnamed ? ClientInfo.of(peer, overTls) : trust.clientInfo(peer, overTls, headers);
        TlsSession secured = session;
        return secured != null && secured.asksClients()
                ? info.with(new CheckedCertificate(secured.clientCertificate()))
                : info;
    }

    /** @throws RequestRejectedException if the connection limit is exceeded */
    void admit() throws RequestRejectedException {
        refuse(permit.refusal());
    }

    /**
     * Begins a handshake.
     *
     * @param client client of the handshake
     * @throws RequestRejectedException if a limit on connections of this client or on handshakes is exceeded
     */
    public void beginHandshake(InetAddress client) throws RequestRejectedException {
        refuse(permit.acquireHandshake(client));
    }

    /**
     * Counts the WebSocket of a handshake for its subject.
     *
     * @param subject null if unknown
     * @throws RequestRejectedException if the limit of WebSockets of this subject is exceeded
     */
    public void countSubject(@Nullable String subject) throws RequestRejectedException {
        refuse(permit.acquireSubject(subject));
    }

    /** Ends the handshake: the client was answered, or has disconnected. */
    void handshakeAnswered() {
        permit.releaseHandshake();
    }

    private static void refuse(@Nullable RefusalReason reason) throws RequestRejectedException {
        if (reason == null) {
            return;
        }
        boolean clientAtFault =
                reason == RefusalReason.CLIENT_CONNECTIONS || reason == RefusalReason.SUBJECT_CONNECTIONS;
        throw new RequestRejectedException(Rejection.retryLater(
                        reason,
                        clientAtFault ? HttpResponseStatus.TOO_MANY_REQUESTS : HttpResponseStatus.SERVICE_UNAVAILABLE,
                        sentence(reason))
                .andClose());
    }

    private static String sentence(RefusalReason reason) {
        return switch (reason) {
            case CLIENT_CONNECTIONS -> "Too many connections from this address.";
            case SUBJECT_CONNECTIONS -> "Too many connections of this user.";
            case HANDSHAKE_RATE -> "WebSockets are being opened too fast.";
            case PENDING_HANDSHAKES -> "Too many WebSocket handshakes are pending.";
            default -> "The proxy has reached its connection limit.";
        };
    }
}
