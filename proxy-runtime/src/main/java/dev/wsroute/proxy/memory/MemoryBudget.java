package dev.wsroute.proxy.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of one kind all connections together may hold. Code that keeps bytes whose number a peer chooses
 * reserves them first and releases them afterwards. Thread-safe; nothing blocks.
 */
public final class MemoryBudget {

    private final String name;
    private final long capacity;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param name for metrics and the log
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
     * @return false if they do not fit; then nothing is taken
     */
    public boolean reserve(long bytes) {
        if (used.addAndGet(bytes) <= capacity) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Returns reserved bytes to the budget. */
    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Name for metrics and the log. */
    public String name() {
        return name;
    }

    /** In bytes. */
    public long capacity() {
        return capacity;
    }

    /** Bytes reserved now; for an instant above the capacity while a reservation is refused. */
    public long used() {
        return used.get();
    }
}
