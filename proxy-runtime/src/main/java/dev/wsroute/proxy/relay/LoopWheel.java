// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.ThreadRules;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A timer wheel of one event loop: one timer per tick for all entries, so that idle connections cost no timers of their
 * own. No timer runs while the wheel is empty. Confined to the loop.
 *
 * <p>Time is counted in ticks and advances by at most a second while the process is paused, so that limits do not
 * expire while unread bytes may be in the sockets.
 */
final class LoopWheel implements Runnable {

    static final long TICK_MILLIS = 250;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    private static final int MOST_AT_ONCE = 4;
    private static final int SLOTS = 256;

    private final ScheduledExecutorService loop;
    private final LongSupplier nanoTime;
    private final @Nullable WheelEntry[] slots = new @Nullable WheelEntry[SLOTS];
    /** The remaining entries of the slot that is being processed. */
    private @Nullable WheelEntry firing;

    private int size;
    private long tick = 1;
    private long ticked;
    private boolean running;

    /** An entry of the wheel. Listed at most once. */
    abstract static class WheelEntry {
        private @Nullable WheelEntry previous;
        private @Nullable WheelEntry next;
        private boolean listed;
        private long due;

        /** Called when due. The entry is no longer listed. */
        abstract void fire();

        /** The entry threw. Others on the wheel are not affected. */
        abstract void threw(Throwable cause);
    }

    LoopWheel(ScheduledExecutorService loop) {
        this(loop, System::nanoTime);
    }

    LoopWheel(ScheduledExecutorService loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** Number of ticks for {@code nanos}, rounded up, at least one. */
    static long ticks(long nanos) {
        return Math.max(1, nanos / TICK_NANOS + (nanos % TICK_NANOS == 0 ? 0 : 1));
    }

    /** The current tick; above 0. */
    long now() {
        return tick;
    }

    /** Lists an entry. It fires at tick {@code due}, or at the next tick if that is later. */
    void list(WheelEntry entry, long due) {
        assert ThreadRules.on(loop);
        entry.due = Math.max(tick + 1, due);
        entry.listed = true;
        size++;
        link(entry);
        if (!running) {
            running = true;
            ticked = nanoTime.getAsLong();
            loop.schedule(this, TICK_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Removes an entry, if it is listed. */
    void cancel(WheelEntry entry) {
        assert ThreadRules.on(loop);
        if (entry.listed) {
            unlink(entry);
            entry.listed = false;
            size--;
        }
    }

    @Override
    public void run() {
        long elapsed = (nanoTime.getAsLong() - ticked) / TICK_NANOS;
        ticked += elapsed * TICK_NANOS;
        for (long steps = Math.min(elapsed, MOST_AT_ONCE); steps > 0; steps--) {
            tick++;
            fireSlot((int) (tick % SLOTS));
        }
        running = size > 0;
        if (running) {
            loop.schedule(this, TICK_NANOS - (nanoTime.getAsLong() - ticked), TimeUnit.NANOSECONDS);
        }
    }

    private void fireSlot(int slot) {
        firing = slots[slot];
        slots[slot] = null;
        while (firing != null) {
            WheelEntry entry = firing;
            unlink(entry);
            if (entry.due <= tick) {
                entry.listed = false;
                size--;
                try {
                    entry.fire();
                } catch (Throwable e) {
                    entry.threw(e);
                }
            } else {
                // Due when the wheel reaches this slot again.
                link(entry);
            }
        }
    }

    private void link(WheelEntry entry) {
        int slot = slotOf(entry);
        WheelEntry head = slots[slot];
        entry.previous = null;
        entry.next = head;
        if (head != null) {
            head.previous = entry;
        }
        slots[slot] = entry;
    }

    private void unlink(WheelEntry entry) {
        if (entry.previous != null) {
            entry.previous.next = entry.next;
        } else if (firing == entry) {
            firing = entry.next;
        } else {
            slots[slotOf(entry)] = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
    }

    private static int slotOf(WheelEntry entry) {
        return (int) (entry.due % SLOTS);
    }
}
