// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

/**
 * Number of client connections that fit in memory.
 *
 * @param inHeap those whose objects fit in the heap
 * @param engines TLS engines that fit beside what slow readers need; a WebSocket with TLS on both sides has two
 */
public record ConnectionRoom(int inHeap, int engines) {

    private static final int LEAST = 16;

    /**
     * The number of connections.
     *
     * @param tlsSides how many sides of a connection may have TLS: 0, 1 or 2
     */
    public int of(int tlsSides) {
        return Math.max(LEAST, tlsSides == 0 ? inHeap : Math.min(inHeap, engines / tlsSides));
    }
}
