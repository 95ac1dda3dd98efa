package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.admission.ConnectionPermit;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.origin.ClientTrust;
import dev.wsroute.proxy.origin.Origin;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a client's connection, and whether it may come in. Used on its event loop only. */
public final class Entrance {

    private final ConnectionPermit permit;
    private InetSocketAddress peer;
    private boolean overTls;
    private boolean unnamed;

    /** @param peer the socket's other end */
    Entrance(ConnectionPermit permit, InetSocketAddress peer) {
        this.permit = permit;
        this.peer = peer;
    }

    /** The socket's other end, or whom its PROXY protocol header names. */
    InetSocketAddress peer() {
        return peer;
    }

    /** What the PROXY protocol header said. */
    void told(InetSocketAddress client, boolean secure) {
        peer = client;
        overTls = secure;
    }

    /**
     * The PROXY protocol header names no client ({@code UNKNOWN}, {@code LOCAL}): the trusted peer does not vouch for
     * this connection, so headers about its client are ignored.
     */
    void toldNothing() {
        unnamed = true;
    }

    /**
     * The peer is known. Connections of a trusted proxy are not counted as one client's: whose they are is told by
     * their requests.
     *
     * @param trust in force when the connection was accepted
     * @return false when the connection is to be closed at once
     */
    boolean open(ClientTrust trust) {
        return trust.isTrusted(peer.getAddress()) || permit.acquireClientSlot(peer.getAddress());
    }

    /** Where a request comes from, under the given trust. */
    Origin origin(ClientTrust trust, HttpHeaders headers) {
        return unnamed ? Origin.of(peer) : trust.origin(peer, overTls, headers);
    }

    /** @throws RequestRejectedException when there are too many connections */
    void admit() throws RequestRejectedException {
        refuse(permit.refusal());
    }

    /**
     * A handshake begins.
     *
     * @param client who asks for it
     * @throws RequestRejectedException when there are too many connections of this client, or handshakes
     */
    public void beginHandshake(InetAddress client) throws RequestRejectedException {
        refuse(permit.acquireHandshake(client));
    }

    /** The client has the answer, or is gone. */
    void handshakeAnswered() {
        permit.releaseHandshake();
    }

    private static void refuse(@Nullable RefusalReason reason) throws RequestRejectedException {
        if (reason == null) {
            return;
        }
        boolean itsOwnFault = reason == RefusalReason.CLIENT_CONNECTIONS;
        throw new RequestRejectedException(Rejection.comeAgain(
                        reason,
                        itsOwnFault ? HttpResponseStatus.TOO_MANY_REQUESTS : HttpResponseStatus.SERVICE_UNAVAILABLE,
                        sentence(reason))
                .andClose());
    }

    private static String sentence(RefusalReason reason) {
        return switch (reason) {
            case CLIENT_CONNECTIONS -> "There are too many connections from this address.";
            case HANDSHAKE_RATE -> "Too many WebSockets are being opened.";
            case PENDING_HANDSHAKES -> "Too many WebSockets wait to be opened.";
            default -> "The proxy has as many connections as it may.";
        };
    }
}
