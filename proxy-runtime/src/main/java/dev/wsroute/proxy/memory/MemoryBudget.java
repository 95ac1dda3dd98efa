// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A limit on the bytes of one kind that all connections together may hold. Code that stores an amount of bytes that a
 * peer chooses reserves them first and releases them afterwards. Thread-safe; never blocks.
 */
public final class MemoryBudget {

    private final String name;
    private final long capacity;
    private final @Nullable MemoryBudget pool;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param name for metrics and the log
     * @param capacity bytes, at least 1
     */
    public MemoryBudget(String name, long capacity) {
        this(name, capacity, null);
    }

    /**
     * @param name for metrics and the log
     * @param capacity bytes, at least 1
     * @param pool what this budget shares with others: each byte is reserved from both; null for none
     */
    public MemoryBudget(String name, long capacity, @Nullable MemoryBudget pool) {
        if (capacity < 1) {
            throw new IllegalArgumentException("A budget must be at least 1 byte, got " + capacity);
        }
        this.name = name;
        this.capacity = capacity;
        this.pool = pool;
    }

    /**
     * Reserves bytes.
     *
     * @param bytes 0 or more
     * @return false if they do not fit; then nothing is reserved
     */
    public boolean reserve(long bytes) {
        if (used.addAndGet(bytes) <= capacity && (pool == null || pool.reserve(bytes))) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Returns reserved bytes to the budget. */
    public void release(long bytes) {
        used.addAndGet(-bytes);
        if (pool != null) {
            pool.release(bytes);
        }
    }

    /** Name for metrics and the log. */
    public String name() {
        return name;
    }

    /** In bytes. */
    public long capacity() {
        return capacity;
    }

    /** Bytes reserved now. Exceeds the capacity briefly while a reservation is refused. */
    public long used() {
        return used.get();
    }
}
