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

    /** Connections displaced by newer ones. */
    public long crowdedOut() {
        return crowded.sum();
    }

    /** Connections that missed a deadline. */
    public long tooSlow() {
        return slow.sum();
    }
}
