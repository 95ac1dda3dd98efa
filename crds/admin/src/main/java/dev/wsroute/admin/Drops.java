package dev.wsroute.admin;

import java.util.concurrent.atomic.LongAdder;

/** How many connections a server has reset; for any thread. */
public final class Drops {

    private final LongAdder crowded = new LongAdder();
    private final LongAdder slow = new LongAdder();

    void crowded() {
        crowded.increment();
    }

    void slow() {
        slow.increment();
    }

    /** Those that gave way to a newer one. */
    public long crowdedOut() {
        return crowded.sum();
    }

    /** Those that were not done in time. */
    public long tooSlow() {
        return slow.sum();
    }
}
