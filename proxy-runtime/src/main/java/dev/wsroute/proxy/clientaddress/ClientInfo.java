// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client of a request, and how it is known.
 *
 * @param peer peer of the connection, or the source in its PROXY protocol header if one is accepted
 * @param client client that sent the request: the peer, or the one that a trusted peer reports
 * @param secure whether the client used TLS, to us or to a trusted peer
 * @param trusted whether the peer is trusted: its forwarding headers are passed on
 * @param xForwarded whether X-Forwarded-* of a trusted peer is used; if the peer writes only Forwarded, these headers
 *     are its client's
 * @param forwarding what a trusted peer reports; {@link Forwarding#NONE} for others
 * @param certificate null if the listener asks for none, so that a trusted peer may report one
 */
public record ClientInfo(
        InetSocketAddress peer,
        InetAddress client,
        boolean secure,
        boolean trusted,
        boolean xForwarded,
        Forwarding forwarding,
        @Nullable CheckedCertificate certificate) {

    /** A peer that is the client itself. */
    public static ClientInfo of(InetSocketAddress peer) {
        return of(peer, false);
    }

    /** The same, and whether it uses TLS. */
    public static ClientInfo of(InetSocketAddress peer, boolean secure) {
        return new ClientInfo(peer, peer.getAddress(), secure, false, false, Forwarding.NONE, null);
    }

    /** The same, with what the listener found out about the client's certificate. */
    public ClientInfo with(CheckedCertificate checked) {
        return new ClientInfo(peer, client, secure, trusted, xForwarded, forwarding, checked);
    }
}
