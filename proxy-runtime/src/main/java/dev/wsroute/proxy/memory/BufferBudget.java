package dev.wsroute.proxy.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The budget of what waits for slow readers. Its last eighth is for what comes while room is made: as soon as it is
 * touched, those connections are given up that hold the most for readers that have stood still the longest, until a quarter
 * is free. Costs nothing while nothing waits. For any thread.
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

    /** A new account, which holds nothing. */
    public BufferAccount open(Evictable holder) {
        return new BufferAccount(this, holder);
    }

    /** As much is held that nobody new is to be let in. */
    public boolean isShort() {
        return budget.used() >= brink;
    }

    /** How many connections were given up. */
    public long evictions() {
        return evictions.sum();
    }

    /** What is held. */
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

    /** Weighed once: others go on meanwhile. */
    private record Candidate(BufferAccount account, double weight) {}
}
