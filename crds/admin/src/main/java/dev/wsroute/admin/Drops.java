// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.util.concurrent.atomic.LongAdder;

/** Counts of connections that a server has reset. Thread-safe. */
public final class Drops {

    private final LongAdder evicted = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    void countEviction() {
        evicted.increment();
    }

    void countTimeout() {
        timedOut.increment();
    }

    /** Connections reset in favour of newer ones. */
    public long evicted() {
        return evicted.sum();
    }

    /** Connections that missed a deadline. */
    public long tooSlow() {
        return timedOut.sum();
    }
}
