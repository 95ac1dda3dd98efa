package dev.wsroute.proxy.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of one kind all connections together may hold. Whoever is about to keep bytes that a peer can choose
 * the number of reserves them first, and releases them when they are gone. For any thread; nothing blocks.
 */
public final class MemoryBudget {

    private final String name;
    private final long capacity;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param name of what is held, for metrics and the log
     * @param capacity bytes, at least 1
     */
    public MemoryBudget(String name, long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("A budget needs at least one byte, got " + capacity);
        }
        this.name = name;
        this.capacity = capacity;
    }

    /**
     * Takes bytes out of the budget.
     *
     * @param bytes 0 or more
     * @return false when they do not fit; then nothing is taken
     */
    public boolean reserve(long bytes) {
        if (used.addAndGet(bytes) <= capacity) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Gives bytes back that were reserved. */
    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** What is held, for metrics and the log. */
    public String name() {
        return name;
    }

    /** Bytes. */
    public long capacity() {
        return capacity;
    }

    /** Bytes reserved now; for an instant above the capacity while a reservation is refused. */
    public long used() {
        return used.get();
    }
}
