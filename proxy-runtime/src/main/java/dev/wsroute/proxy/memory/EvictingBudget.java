package dev.wsroute.proxy.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A budget that evicts connections to make room for others. Its last eighth is for bytes that arrive during evictions:
 * once it is touched, the heaviest connections are evicted until a quarter is free. Costs nothing while nothing is held.
 * Thread-safe.
 */
public final class EvictingBudget {

    private final MemoryBudget budget;
    private final Weighing weighing;
    private final long brink;
    private final long goal;
    private final Set<Account> accounts = ConcurrentHashMap.newKeySet();
    private final AtomicLong leaving = new AtomicLong();
    private final AtomicBoolean making = new AtomicBoolean();
    private final LongAdder evictions = new LongAdder();

    public EvictingBudget(MemoryBudget budget, Weighing weighing) {
        this.budget = budget;
        this.weighing = weighing;
        this.brink = budget.capacity() - budget.capacity() / 8;
        this.goal = budget.capacity() - budget.capacity() / 4;
    }

    /** Opens an account, which holds nothing yet. */
    public Account open(Evictable holder) {
        return new Account(this, holder);
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

    void opened(Account account) {
        accounts.add(account);
    }

    void closed(Account account) {
        accounts.remove(account);
    }

    /** So many bytes more, or fewer, will become free by evictions. */
    void leaving(long bytes) {
        leaving.addAndGet(bytes);
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
                .map(account -> new Candidate(account, weighing.weight(account.held(), now - account.movedAt())))
                .sorted(Comparator.comparingDouble(Candidate::weight).reversed())
                .toList();
        for (Candidate candidate : candidates) {
            if (budget.used() - leaving.get() <= wanted) {
                return;
            }
            if (candidate.account().evict()) {
                evictions.increment();
            }
        }
    }

    /** An account with its weight, computed once, since the weights of others change meanwhile. */
    private record Candidate(Account account, double weight) {}
}
