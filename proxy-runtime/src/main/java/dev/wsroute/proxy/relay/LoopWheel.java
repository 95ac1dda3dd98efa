package dev.wsroute.proxy.relay;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Coarse timers of one event loop: one tick looks after whatever falls due in it, so that an idle connection costs the
 * loop no timer of its own. Nothing ticks while nothing is listed. All is called on the loop.
 *
 * <p>Its time is counted in ticks, and stands still while the process is stopped, but for a second: limits are not taken
 * for passed while bytes may wait in the sockets.
 */
final class LoopWheel implements Runnable {

    static final long TICK_MILLIS = 250;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    private static final int MOST_AT_ONCE = 4;
    private static final int SLOTS = 256;

    private final ScheduledExecutorService loop;
    private final LongSupplier nanoTime;
    private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];
    /** What is left of the slot that is being looked after. */
    private @Nullable Entry walking;

    private int size;
    private long tick = 1;
    private long ticked;
    private boolean running;

    /** Something that falls due. Listed at most once. */
    abstract static class Entry {
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private boolean listed;
        private long due;

        /** The time has come; it is not listed any more. */
        abstract void fire();

        /** It threw; the others on the wheel are not affected. */
        abstract void threw(Throwable cause);
    }

    LoopWheel(ScheduledExecutorService loop) {
        this(loop, System::nanoTime);
    }

    LoopWheel(ScheduledExecutorService loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** So many ticks make {@code nanos}; rounded up, and at least one. */
    static long ticks(long nanos) {
        return Math.max(1, nanos / TICK_NANOS + (nanos % TICK_NANOS == 0 ? 0 : 1));
    }

    /** The time, in ticks; above 0. */
    long now() {
        return tick;
    }

    /** Lists what is not listed; it fires when {@code due} is reached, with the next tick at the earliest. */
    void list(Entry entry, long due) {
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

    /** Takes it out, if it is listed. */
    void cancel(Entry entry) {
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
            turn((int) (tick % SLOTS));
        }
        running = size > 0;
        if (running) {
            loop.schedule(this, TICK_NANOS - (nanoTime.getAsLong() - ticked), TimeUnit.NANOSECONDS);
        }
    }

    private void turn(int slot) {
        walking = slots[slot];
        slots[slot] = null;
        while (walking != null) {
            Entry entry = walking;
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
                // Due in a later round.
                link(entry);
            }
        }
    }

    private void link(Entry entry) {
        int slot = slotOf(entry);
        Entry head = slots[slot];
        entry.previous = null;
        entry.next = head;
        if (head != null) {
            head.previous = entry;
        }
        slots[slot] = entry;
    }

    private void unlink(Entry entry) {
        if (entry.previous != null) {
            entry.previous.next = entry.next;
        } else if (walking == entry) {
            walking = entry.next;
        } else {
            slots[slotOf(entry)] = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
    }

    private static int slotOf(Entry entry) {
        return (int) (entry.due % SLOTS);
    }
}
