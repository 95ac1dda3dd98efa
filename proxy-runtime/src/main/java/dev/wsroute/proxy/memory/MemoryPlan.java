// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import io.netty.util.internal.PlatformDependent;
import java.util.Locale;

/**
 * How the memory of the process is divided. All sizes are in bytes.
 *
 * <p>The route table, the working set and short-lived garbage need about a quarter of the heap; half of the direct
 * memory is left for the allocator's chunks, which are never full, and for data in flight. The native memory of TLS is
 * taken from the other half, so that heap, direct memory and TLS together never exceed the first two.
 *
 * @param heap maximum heap
 * @param direct maximum direct memory
 * @param buffers bytes queued for slow readers, and native memory of TLS
 * @param heads unfinished heads
 * @param requests records of requests
 */
public record MemoryPlan(long heap, long direct, long buffers, long heads, long requests) {

    /** Heap of an idle WebSocket with both its sockets. */
    static final long HEAP_PER_CONNECTION = 6 * 1024;

    /**
     * Native memory of a TLS connection after its handshake. Measured: 4.1 kB, with TLS 1.3 and no client certificate.
     */
    public static final long TLS_ENGINE = 4 * 1024;

    /**
     * Native memory of a TLS handshake, beside that for each byte that the peer has sent. Measured with a client hello of 0.5 kB:
     * 9 kB, with TLS 1.2 12 kB.
     */
    public static final long TLS_HANDSHAKE = 12 * 1024;

    /**
     * Half bytes of native memory for each byte that the peer sends in a TLS handshake. BoringSSL's buffers grow by doubling, and
     * with TLS 1.2 and client certificates it keeps the messages twice. Measured: up to 2.4 bytes.
     */
    private static final long HALVES_PER_HANDSHAKE_BYTE = 5;

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
        return new MemoryPlan(
                heap, direct, Math.max(LEAST, direct / 2), Math.max(LEAST, heap / 16), Math.max(LEAST, heap / 8));
    }

    /**
     * Native memory of a TLS handshake.
     *
     * @param received bytes that the peer has sent
     */
    public static long ofHandshake(long received) {
        return TLS_HANDSHAKE + received * HALVES_PER_HANDSHAKE_BYTE / 2;
    }

    /** Number of client connections that fit: half of the heap is theirs, and half of the buffers that of their TLS engines. */
    public ConnectionRoom connections() {
        return new ConnectionRoom(number(heap / 2 / HEAP_PER_CONNECTION), number(buffers / 2 / TLS_ENGINE));
    }

    private static int number(long connections) {
        return (int) Math.max(16, Math.min(Integer.MAX_VALUE, connections));
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
                    case "buffers" -> new MemoryPlan(heap, direct, bytes, heads, requests);
                    case "heads" -> new MemoryPlan(heap, direct, buffers, bytes, requests);
                    case "requests" -> new MemoryPlan(heap, direct, buffers, heads, bytes);
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
        MemoryBudget pool = new MemoryBudget("pool", buffers);
        EvictingBudget queues = EvictingBudget.forPool(
                new MemoryBudget("buffers", buffers, pool), pool, EvictionWeight.BYTES_TIMES_STALL);
        return new MemoryBudgets(
                queues,
                // Strangers may not displace the bytes of more than a quarter.
                EvictingBudget.beside(
                        queues, new MemoryBudget("handshakes", buffers / 4, pool), EvictionWeight.BYTES_TIMES_STALL),
                new MemoryBudget("tls", buffers, pool),
                new MemoryBudget("heads", heads),
                new EvictingBudget(new MemoryBudget("requests", requests), EvictionWeight.BYTES),
                connections());
    }

    @Override
    public String toString() {
        ConnectionRoom room = connections();
        return "heap " + text(heap) + ", direct " + text(direct) + "; budgets: buffers " + text(buffers) + ", heads "
                + text(heads) + ", requests " + text(requests) + "; room for " + room.of(0) + " connections, "
                + room.of(1)
                + " with TLS, " + room.of(2) + " with TLS on both sides, or "
                + (requests - requests / 8) / LONGEST_RECORD + " with the longest URLs and user agents";
    }

    private static String text(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
