// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A budget that evicts connections to make room for others. When less than an eighth is free, the heaviest connections
 * are evicted until a quarter is free. The last eighth is for bytes that arrive during evictions. Costs nothing while
 * nothing is held. Thread-safe.
 */
public final class EvictingBudget {

    private final MemoryBudget budget;
    private final EvictionWeight weights;
    private final long highWatermark;
    private final long lowWatermark;
    private final Set<Account> accounts = ConcurrentHashMap.newKeySet();
    private final AtomicLong beingFreed = new AtomicLong();
    private final AtomicBoolean evicting = new AtomicBoolean();
    private final LongAdder evictions = new LongAdder();

    public EvictingBudget(MemoryBudget budget, EvictionWeight weights) {
        this.budget = budget;
        this.weights = weights;
        this.highWatermark = budget.capacity() - budget.capacity() / 8;
        this.lowWatermark = budget.capacity() - budget.capacity() / 4;
    }

    /** Opens an empty account. */
    public Account open(Evictable holder) {
        return new Account(this, holder);
    }

    /** Whether usage is above the high watermark: new requests are refused. */
    public boolean isShort() {
        return budget.used() >= highWatermark;
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

    void evictIfShort() {
        if (budget.used() - beingFreed.get() >= highWatermark && evicting.compareAndSet(false, true)) {
            try {
                evictDownTo(lowWatermark);
            } finally {
                evicting.set(false);
            }
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
            if (budget.used() - beingFreed.get() <= target) {
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
