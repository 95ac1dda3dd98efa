// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import java.util.stream.Stream;

/**
 * The budgets of one proxy.
 *
 * @param buffers direct memory: bytes queued for slow readers, and bytes that clients send before the 101
 * @param heads heap: unfinished heads and trailers
 * @param requests heap: heads of requests in progress, and records of open connections for the access log
 * @param connections number of client connections that fit in the heap
 */
public record MemoryBudgets(EvictingBudget buffers, MemoryBudget heads, EvictingBudget requests, int connections) {

    /** All budgets, for metrics. */
    public Stream<MemoryBudget> all() {
        return Stream.of(buffers.budget(), heads, requests.budget());
    }

    /** Number of evicted connections. */
    public long evictions() {
        return buffers.evictions() + requests.evictions();
    }
}
