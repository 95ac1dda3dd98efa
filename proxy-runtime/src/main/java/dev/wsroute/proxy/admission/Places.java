package dev.wsroute.proxy.admission;

import java.util.concurrent.atomic.AtomicInteger;

/** So many places, and a few for those who wait to be told that there is none. For any thread. */
final class Places {

    /** How somebody stands. */
    enum Standing {
        IN,
        WAITING,
        OUT
    }

    private final AtomicInteger in = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Takes a place, or else waits, or else is turned away. */
    Standing come(int cap) {
        if (take(in, cap)) {
            return Standing.IN;
        }
        return take(waiting, Caps.room(cap)) ? Standing.WAITING : Standing.OUT;
    }

    /** Somebody who waits takes a place, if there is one now. */
    Standing again(int cap) {
        if (!take(in, cap)) {
            return Standing.WAITING;
        }
        waiting.decrementAndGet();
        return Standing.IN;
    }

    /** Takes a place or does not; waits for none. */
    boolean takeOne(int cap) {
        return take(in, cap);
    }

    void leave(Standing standing) {
        switch (standing) {
            case IN -> in.decrementAndGet();
            case WAITING -> waiting.decrementAndGet();
            case OUT -> {}
        }
    }

    int taken() {
        return in.get();
    }

    /** Nobody is in and nobody waits. */
    boolean isEmpty() {
        return in.get() == 0 && waiting.get() == 0;
    }

    private static boolean take(AtomicInteger places, int cap) {
        int taken = places.get();
        while (taken < cap) {
            int seen = places.compareAndExchange(taken, taken + 1);
            if (seen == taken) {
                return true;
            }
            taken = seen;
        }
        return false;
    }
}
