// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.ThreadRules;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks all tunnels of one event loop, each once per round and evenly spread, however many opened at once. No timer
 * runs while there are none. Confined to the loop.
 */
final class KeepaliveRounds implements Runnable {

    private static final long SHORTEST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int FEWEST_STEPS = 6;

    private final ScheduledExecutorService loop;
    private final LongSupplier nanoTime;
    private final long round;
    /** The next entry of the ring to check. */
    private @Nullable RoundEntry next;

    private int size;
    private boolean running;
    private long stepped;
    /** Elapsed nanoseconds times number of tunnels. One check costs one round. */
    private double credit;

    /** A tunnel to check. It is in at most one ring. */
    abstract static class RoundEntry {
        private @Nullable RoundEntry before;
        private @Nullable RoundEntry after;

        /** Checks the entry; may remove it. */
        abstract void check();

        /** The check threw. Other entries are not affected. */
        abstract void threw(Throwable cause);
    }

    KeepaliveRounds(ScheduledExecutorService loop, Duration round) {
        this(loop, round, System::nanoTime);
    }

    KeepaliveRounds(ScheduledExecutorService loop, Duration round, LongSupplier nanoTime) {
        this.loop = loop;
        this.round = round.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Adds an entry, which is checked after all others. */
    void add(RoundEntry entry) {
        assert ThreadRules.on(loop);
        RoundEntry head = next;
        RoundEntry last = head == null ? null : head.before;
        if (head == null || last == null) {
            entry.before = entry;
            entry.after = entry;
            next = entry;
        } else {
            entry.before = last;
            entry.after = head;
            last.after = entry;
            head.before = entry;
        }
        size++;
        if (!running) {
            running = true;
            stepped = nanoTime.getAsLong();
            credit = 0;
            schedule();
        }
    }

    /** Removes an entry, if it is present. */
    void remove(RoundEntry entry) {
        RoundEntry before = entry.before;
        RoundEntry after = entry.after;
        if (before == null || after == null) {
            return;
        }
        before.after = after;
        after.before = before;
        if (next == entry) {
            next = after == entry ? null : after;
        }
        entry.before = null;
        entry.after = null;
        size--;
    }

    @Override
    public void run() {
        long now = nanoTime.getAsLong();
        // Do not catch up at once after a pause of the process or after many additions.
        long elapsed = Math.min(now - stepped, 2 * step());
        stepped = now;
        credit += (double) elapsed * size;
        while (credit >= round && next != null) {
            credit -= round;
            RoundEntry due = next;
            next = due.after;
            try {
                due.check();
            } catch (Throwable e) {
                due.threw(e);
            }
        }
        running = size > 0;
        if (running) {
            schedule();
        }
    }

    private void schedule() {
        loop.schedule(this, step(), TimeUnit.NANOSECONDS);
    }

    private long step() {
        return Math.max(SHORTEST_STEP_NANOS, Math.min(round / FEWEST_STEPS, round / Math.max(1, size)));
    }
}
