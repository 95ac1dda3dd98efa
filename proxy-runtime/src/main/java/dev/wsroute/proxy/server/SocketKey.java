// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.ListenerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a listening socket across documents. Independent of the listener's name, except for port 0.
 *
 * @param address the IPv4 wildcard stands for the IPv6 one too, since a socket of either accepts both
 * @param name null unless the port is 0
 */
record SocketKey(InetAddress address, int port, @Nullable String name) {

    /**
     * The key of a listener's socket.
     *
     * @param bindAddress for listeners without an address
     * @throws IOException with a sentence if the host is unknown
     */
    static SocketKey of(ListenerConfig listener, String bindAddress) throws IOException {
        String host = listener.address() == null ? bindAddress : listener.address();
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        if (address == null) {
            throw new IOException("Cannot listen on " + host + ":" + listener.port() + " for listener '"
                    + listener.name() + "': unknown host");
        }
        if (address.isAnyLocalAddress()) {
            address = new InetSocketAddress(0).getAddress();
        }
        return new SocketKey(address, listener.port(), listener.port() == 0 ? listener.name() : null);
    }

    /** Whether the socket accepts connections to this address. */
    boolean covers(InetAddress local) {
        return address.isAnyLocalAddress() || address.equals(local);
    }

    /** Whether one of the two is a wildcard socket and the other a different socket of the same port. */
    boolean overlaps(SocketKey other) {
        return port != 0
                && port == other.port
                && !equals(other)
                && (address.isAnyLocalAddress() || other.address.isAnyLocalAddress());
    }

    /**
     * Whether this is the socket of one address, and there is a wildcard socket of its port. The kernel prefers this one, so it
     * keeps serving its address for the wildcard: closing it would lose connections that arrive at that moment.
     */
    boolean isCoveredBy(Set<SocketKey> keys) {
        return !address.isAnyLocalAddress() && keys.stream().anyMatch(this::overlaps);
    }
}
