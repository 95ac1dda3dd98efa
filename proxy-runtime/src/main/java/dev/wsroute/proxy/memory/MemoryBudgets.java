// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of one proxy. The first three share one pool, half of the direct memory: the native memory of TLS takes the place of
 * bytes that could wait for slow readers.
 *
 * @param buffers direct memory: bytes queued for slow readers, and bytes that clients send before the 101
 * @param handshakes native and direct memory: unfinished TLS handshakes, at most a quarter of the pool
 * @param tls native memory: open TLS connections
 * @param heads heap: unfinished heads and trailers
 * @param requests heap: heads of requests in progress, and records of open connections for the access log
 * @param connections number of client connections that fit
 */
public record MemoryBudgets(
        EvictingBudget buffers,
        EvictingBudget handshakes,
        MemoryBudget tls,
        MemoryBudget heads,
        EvictingBudget requests,
        ConnectionRoom connections) {

    /** All budgets, for metrics. */
    public Stream<MemoryBudget> all() {
        return Stream.of(buffers.budget(), handshakes.budget(), tls, heads, requests.budget());
    }

    /** Number of evicted connections. */
    public long evictions() {
        return buffers.evictions() + handshakes.evictions() + requests.evictions();
    }

    /**
     * Reserves the memory of an established TLS connection.
     *
     * @return null if there is none
     */
    public @Nullable Reservation reserveTls() {
        Reservation engine = new Reservation(tls);
        if (!engine.hold(MemoryPlan.TLS_ENGINE)) {
            return null;
        }
        buffers.evictIfShort();
        return engine;
    }

    /** A copy with another budget for open TLS connections. */
    public MemoryBudgets withTls(MemoryBudget other) {
        return new MemoryBudgets(buffers, handshakes, other, heads, requests, connections);
    }

    /** A copy with another budget for requests. */
    public MemoryBudgets withRequests(EvictingBudget other) {
        return new MemoryBudgets(buffers, handshakes, tls, heads, other, connections);
    }
}
