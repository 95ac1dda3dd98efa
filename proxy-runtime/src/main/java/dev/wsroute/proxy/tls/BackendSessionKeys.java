// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What engines take for their peer's port: a number for the endpoint, since endpoints rarely open each other's tickets. Should two
 * have the same number, one gets a session of the other, which it accepts or ignores; both have the same host name and CAs.
 * Thread-safe.
 */
final class BackendSessionKeys {

    /** Endpoints in one group lose their sessions together, which costs each a full handshake. */
    private static final int GROUPS = 64;

    private final AtomicIntegerArray abandoned = new AtomicIntegerArray(GROUPS);

    int of(SocketAddress endpoint) {
        int hash = hash(endpoint);
        return (31 * hash + abandoned.get(group(hash))) & Integer.MAX_VALUE;
    }

    /** Finds no session of the endpoint any more that was kept before. */
    void abandon(SocketAddress endpoint) {
        abandoned.incrementAndGet(group(hash(endpoint)));
    }

    private static int group(int hash) {
        return Math.floorMod(hash, GROUPS);
    }

    private static int hash(SocketAddress endpoint) {
        return endpoint instanceof InetSocketAddress inet
                ? Objects.hash(inet.getAddress(), inet.getPort())
                : endpoint.hashCode();
    }
}
