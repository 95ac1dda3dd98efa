package dev.wsroute.proxy.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The budget of bytes that wait for slow readers. Its last eighth is for bytes that arrive during evictions: once it is
 * touched, the connections that hold the most for the longest-stalled readers are evicted until a quarter is free.
 * Costs nothing while nothing waits. Thread-safe.
 */
public final class BufferBudget {

    private final MemoryBudget budget;
    private final long brink;
    private final long goal;
    private final Set<BufferAccount> accounts = ConcurrentHashMap.newKeySet();
    private final AtomicLong leaving = new AtomicLong();
    private final AtomicBoolean making = new AtomicBoolean();
    private final LongAdder evictions = new LongAdder();

    public BufferBudget(MemoryBudget budget) {
        this.budget = budget;
        this.brink = budget.capacity() - budget.capacity() / 8;
        this.goal = budget.capacity() - budget.capacity() / 4;
    }

    /** Opens an account, which holds nothing yet. */
    public BufferAccount open(Evictable holder) {
        return new BufferAccount(this, holder);
    }

    /** Whether so much is held that new requests are refused. */
    public boolean isShort() {
        return budget.used() >= brink;
    }

    /** How many connections were evicted. */
    public long evictions() {
        return evictions.sum();
    }

    /** The bytes held and their limit. */
    public MemoryBudget budget() {
        return budget;
    }

    boolean reserve(long bytes) {
        return budget.reserve(bytes);
    }

    void release(long bytes) {
        budget.release(bytes);
    }

    void opened(BufferAccount account) {
        accounts.add(account);
    }

    void closed(BufferAccount account) {
        accounts.remove(account);
        leaving.addAndGet(-account.hasLeft());
    }

    void makeRoom() {
        if (budget.used() - leaving.get() >= brink && making.compareAndSet(false, true)) {
            try {
                evictDownTo(goal);
            } finally {
                making.set(false);
            }
        }
    }

    private void evictDownTo(long wanted) {
        long now = System.nanoTime();
        List<Candidate> candidates = accounts.stream()
                .filter(account -> !account.isLeaving())
                .map(account -> new Candidate(account, account.weight(now)))
                .sorted(Comparator.comparingDouble(Candidate::weight).reversed())
                .toList();
        for (Candidate candidate : candidates) {
            if (budget.used() - leaving.get() <= wanted) {
                return;
            }
            evictions.increment();
            leaving.addAndGet(candidate.account().evict());
        }
    }

    /** An account with its weight, computed once, since the weights of others change meanwhile. */
    private record Candidate(BufferAccount account, double weight) {}
}
