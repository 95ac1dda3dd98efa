// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A limited number of slots, and a few overflow slots for connections that are kept open only to be sent a refusal.
 * Thread-safe.
 */
final class SlotPool {

    /** The slot that a connection holds. */
    enum Slot {
        REGULAR,
        OVERFLOW,
        NONE
    }

    private final AtomicInteger regular = new AtomicInteger();
    private final AtomicInteger overflow = new AtomicInteger();

    /** Acquires a regular slot, or an overflow slot if all regular ones are in use. */
    Slot acquire(int cap) {
        if (increment(regular, cap)) {
            return Slot.REGULAR;
        }
        return increment(overflow, Caps.overflow(cap)) ? Slot.OVERFLOW : Slot.NONE;
    }

    /** Exchanges an overflow slot for a regular one if one is free now. */
    Slot promote(int cap) {
        if (!increment(regular, cap)) {
            return Slot.OVERFLOW;
        }
        overflow.decrementAndGet();
        return Slot.REGULAR;
    }

    /** Acquires a regular slot; false if all are in use. */
    boolean tryAcquire(int cap) {
        return increment(regular, cap);
    }

    void release(Slot slot) {
        switch (slot) {
            case REGULAR -> regular.decrementAndGet();
            case OVERFLOW -> overflow.decrementAndGet();
            case NONE -> {}
        }
    }

    /** Number of regular slots in use. */
    int used() {
        return regular.get();
    }

    boolean isEmpty() {
        return regular.get() == 0 && overflow.get() == 0;
    }

    private static boolean increment(AtomicInteger slots, int cap) {
        int used = slots.get();
        while (used < cap) {
            int seen = slots.compareAndExchange(used, used + 1);
            if (seen == used) {
                return true;
            }
            used = seen;
        }
        return false;
    }
}
