package dev.wsroute.proxy.memory;

import java.util.stream.Stream;

/**
 * The budgets of one proxy.
 *
 * @param buffers direct memory: what waits for slow readers, and what clients send early
 * @param heads heap: heads and trailers that are not whole yet
 * @param requests heap: what is kept of requests that are under way, and of open connections for the access log
 * @param connections how many clients' connections the heap has room for
 */
public record MemoryBudgets(BufferBudget buffers, MemoryBudget heads, MemoryBudget requests, int connections) {

    /** Each of them, for metrics. */
    public Stream<MemoryBudget> all() {
        return Stream.of(buffers.budget(), heads, requests);
    }
}
