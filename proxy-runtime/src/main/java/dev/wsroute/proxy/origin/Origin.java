package dev.wsroute.proxy.origin;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where a request comes from.
 *
 * @param peer who is at the other end of the connection, as its PROXY protocol header says where one is taken
 * @param client who sent the request: the peer, or whom a trusted peer names
 * @param secure whether the client spoke TLS, to us or to a trusted peer
 * @param trusted whether the peer is believed: its forwarding headers are passed on
 * @param xForwarded whether X-Forwarded-* of a trusted peer's counts: of one that writes Forwarded alone, they are its client's
 * @param forwarding what a trusted peer says; nothing of anybody else
 */
public record Origin(
        InetSocketAddress peer,
        InetAddress client,
        boolean secure,
        boolean trusted,
        boolean xForwarded,
        Forwarding forwarding) {

    /** A peer that nobody speaks for. */
    public static Origin of(InetSocketAddress peer) {
        return new Origin(peer, peer.getAddress(), false, false, false, Forwarding.NONE);
    }
}
