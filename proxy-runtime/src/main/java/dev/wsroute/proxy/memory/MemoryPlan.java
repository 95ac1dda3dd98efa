// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import io.netty.util.internal.PlatformDependent;
import java.util.Locale;

/**
 * How the memory of the process is divided. All sizes are in bytes.
 *
 * <p>The route table, the working set and short-lived garbage need about a quarter of the heap; half of the direct
 * memory is left for the allocator's chunks, which are never full, and for data in flight.
 *
 * @param heap maximum heap
 * @param direct maximum direct memory
 * @param buffers bytes queued for slow readers
 * @param heads unfinished heads
 * @param requests records of requests
 * @param connections number of client connections that fit
 */
public record MemoryPlan(long heap, long direct, long buffers, long heads, long requests, int connections) {

    /** Heap of an idle WebSocket with both its sockets. */
    static final long HEAP_PER_CONNECTION = 6 * 1024;

    /** Size of an open WebSocket's record with the longest URL and user agent. */
    public static final long LONGEST_RECORD = 256 + 2 * 2048 + 64;

    /** The smallest size of a budget. */
    private static final long LEAST = 1 << 20;

    /** The plan for this process. */
    public static MemoryPlan ofProcess() {
        return of(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
    }

    /**
     * The default division.
     *
     * @param heap {@link Runtime#maxMemory}
     * @param direct what Netty allocates at most
     */
    public static MemoryPlan of(long heap, long direct) {
        long connections = heap / 2 / HEAP_PER_CONNECTION;
        return new MemoryPlan(
                heap, direct, Math.max(LEAST, direct / 2), Math.max(LEAST, heap / 16), Math.max(LEAST, heap / 8), (int)
                        Math.max(16, Math.min(Integer.MAX_VALUE, connections)));
    }

    /**
     * A copy with another size for one budget.
     *
     * @param budget {@code buffers}, {@code heads} or {@code requests}
     * @throws IllegalArgumentException with a sentence if the budget does not exist or does not fit
     */
    public MemoryPlan with(String budget, long bytes) {
        MemoryPlan plan =
                switch (budget) {
                    case "buffers" -> new MemoryPlan(heap, direct, bytes, heads, requests, connections);
                    case "heads" -> new MemoryPlan(heap, direct, buffers, bytes, requests, connections);
                    case "requests" -> new MemoryPlan(heap, direct, buffers, heads, bytes, connections);
                    default ->
                        throw new IllegalArgumentException(
                                "'" + budget + "' is not a budget: the budgets are buffers, heads and requests");
                };
        if (bytes < LEAST) {
            throw new IllegalArgumentException(budget + " needs at least " + text(LEAST));
        }
        if (plan.buffers > direct / 4 * 3) {
            throw new IllegalArgumentException("buffers may take at most three quarters of the direct memory, "
                    + text(direct / 4 * 3) + ", got " + text(plan.buffers));
        }
        if (plan.heads + plan.requests > heap / 4) {
            throw new IllegalArgumentException("heads and requests together may take at most a quarter of the heap, "
                    + text(heap / 4) + ", got " + text(plan.heads + plan.requests));
        }
        return plan;
    }

    /** Creates the budgets. */
    public MemoryBudgets budgets() {
        return new MemoryBudgets(
                new EvictingBudget(new MemoryBudget("buffers", buffers), EvictionWeight.BYTES_TIMES_STALL),
                new MemoryBudget("heads", heads),
                new EvictingBudget(new MemoryBudget("requests", requests), EvictionWeight.BYTES),
                connections);
    }

    @Override
    public String toString() {
        return "heap " + text(heap) + ", direct " + text(direct) + "; budgets: buffers " + text(buffers) + ", heads "
                + text(heads) + ", requests " + text(requests) + "; room for " + connections + " connections, or for "
                + (requests - requests / 8) / LONGEST_RECORD + " with the longest URLs and user agents";
    }

    private static String text(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
