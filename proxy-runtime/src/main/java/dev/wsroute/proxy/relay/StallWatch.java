package dev.wsroute.proxy.relay;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds readers that take nothing while bytes wait for them. One timer, pending only while bytes wait; it goes off at most
 * once a timeout, so a stall is found between one and two timeouts after it began.
 */
final class StallWatch {

    private final Wire wire;
    private final LoopTasks tasks;
    private final Duration timeout;
    private final Runnable stalled;
    private @Nullable ScheduledFuture<?> timer;
    private long taken;
    /** When so much was found to be taken, of {@link System#nanoTime}. */
    private long since;
    /** It was found to stall, and its turn has not come yet. */
    private boolean waitsForTurn;

    /** @param stalled is told that nothing was taken for the timeout */
    StallWatch(Wire wire, LoopTasks tasks, Duration timeout, Runnable stalled) {
        this.wire = wire;
        this.tasks = tasks;
        this.timeout = timeout;
        this.stalled = stalled;
    }

    /** Since when nothing was taken, as far as it was looked at, of {@link System#nanoTime}; 0: nothing waits. */
    long stalledSince() {
        return wire.hasBacklog() ? since : 0;
    }

    /** Whether it takes nothing still, now that its turn has come; watches on where it does. */
    boolean stillStalled() {
        waitsForTurn = false;
        return check();
    }

    /** Bytes wait now. */
    void watch() {
        if (timer == null && !waitsForTurn) {
            taken = wire.taken();
            since = System.nanoTime();
            timer = tasks.schedule(this::timeOut, timeout);
        }
    }

    private void timeOut() {
        timer = null;
        if (check()) {
            waitsForTurn = true;
            stalled.run();
        }
    }

    private boolean check() {
        if (!wire.isOpen() || !wire.hasBacklog()) {
            return false;
        }
        if (wire.taken() == taken) {
            return true;
        }
        watch();
        return false;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
