// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A budget that evicts connections to make room for others. When less than an eighth is free, the heaviest connections
 * are evicted until a quarter is free. The last eighth is for bytes that arrive during evictions. Costs nothing while
 * nothing is held. Thread-safe.
 */
public final class EvictingBudget {

    private final MemoryBudget budget;
    /** Its use is watched. */
    private final MemoryBudget watched;

    private final EvictionWeight weights;
    private final @Nullable EvictingBudget relief;
    private final long highWatermark;
    private final long lowWatermark;
    private final Set<Account> accounts = ConcurrentHashMap.newKeySet();
    private final AtomicLong beingFreed = new AtomicLong();
    private final AtomicBoolean evicting = new AtomicBoolean();
    private final LongAdder evictions = new LongAdder();

    public EvictingBudget(MemoryBudget budget, EvictionWeight weights) {
        this(budget, budget, weights, null);
    }

    private EvictingBudget(
            MemoryBudget budget, MemoryBudget watched, EvictionWeight weights, @Nullable EvictingBudget relief) {
        this.budget = budget;
        this.watched = watched;
        this.weights = weights;
        this.relief = relief;
        this.highWatermark = watched.capacity() - watched.capacity() / 8;
        this.lowWatermark = watched.capacity() - watched.capacity() / 4;
    }

    /**
     * A budget whose connections are evicted when its whole pool is short.
     *
     * @param pool that of the budget
     */
    static EvictingBudget forPool(MemoryBudget budget, MemoryBudget pool, EvictionWeight weights) {
        return new EvictingBudget(budget, pool, weights, null);
    }

    /**
     * A budget with limits of its own.
     *
     * @param relief makes room in the pool that both share
     */
    static EvictingBudget beside(EvictingBudget relief, MemoryBudget budget, EvictionWeight weights) {
        return new EvictingBudget(budget, budget, weights, relief);
    }

    /** Opens an empty account. */
    public Account open(Evictable holder) {
        return new Account(this, holder);
    }

    /** Whether usage is above the high watermark: new requests are refused. */
    public boolean isShort() {
        return watched.used() >= highWatermark;
    }

    /** Number of evicted connections. */
    public long evictions() {
        return evictions.sum();
    }

    /** The underlying budget. */
    public MemoryBudget budget() {
        return budget;
    }

    boolean reserve(long bytes) {
        return budget.reserve(bytes);
    }

    void release(long bytes) {
        budget.release(bytes);
    }

    void opened(Account account) {
        accounts.add(account);
    }

    void closed(Account account) {
        accounts.remove(account);
    }

    /** Adds to the bytes that evictions in progress will free; may be negative. */
    void addBeingFreed(long bytes) {
        beingFreed.addAndGet(bytes);
    }

    /** Makes room, if there is too little. */
    void evictIfShort() {
        if (watched.used() - beingFreed.get() >= highWatermark && evicting.compareAndSet(false, true)) {
            try {
                evictDownTo(lowWatermark);
            } finally {
                evicting.set(false);
            }
        }
        if (relief != null) {
            relief.evictIfShort();
        }
    }

    private void evictDownTo(long target) {
        long now = System.nanoTime();
        List<Candidate> candidates = accounts.stream()
                .filter(account -> !account.isEvicted())
                .map(account -> new Candidate(account, weights.weight(account.held(), now - account.lastProgress())))
                .sorted(Comparator.comparingDouble(Candidate::weight).reversed())
                .toList();
        for (Candidate candidate : candidates) {
            if (watched.used() - beingFreed.get() <= target) {
                return;
            }
            if (candidate.account().evict()) {
                evictions.increment();
            }
        }
    }

    /** An account with its weight. Computed once, since weights change during the sort. */
    private record Candidate(Account account, double weight) {}
}
