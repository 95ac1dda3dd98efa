package dev.wsroute.proxy.memory;

import java.util.stream.Stream;

/**
 * The budgets of one proxy.
 *
 * @param buffers direct memory: bytes that wait for slow readers, and bytes that clients send early
 * @param heads heap: unfinished heads and trailers
 * @param requests heap: heads of requests in progress, and records of open connections for the access log
 * @param connections how many clients' connections the heap has room for
 */
public record MemoryBudgets(EvictingBudget buffers, MemoryBudget heads, EvictingBudget requests, int connections) {

    /** All budgets, for metrics. */
    public Stream<MemoryBudget> all() {
        return Stream.of(buffers.budget(), heads, requests.budget());
    }

    /** How many connections were evicted. */
    public long evictions() {
        return buffers.evictions() + requests.evictions();
    }
}
