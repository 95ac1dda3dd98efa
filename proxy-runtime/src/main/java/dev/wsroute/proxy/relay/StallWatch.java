// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects readers that read nothing while bytes are queued for them. Uses one timer, only while bytes are queued. It
 * fires at most once per timeout, so a stall is found between one and two timeouts after it began.
 */
final class StallWatch {

    private final Wire wire;
    private final LoopTasks tasks;
    private final Duration timeout;
    private final Runnable stalled;
    private @Nullable ScheduledFuture<?> timer;
    private long taken;
    /** Time of the last check that saw progress, as {@link System#nanoTime}. */
    private long since;
    /** A stall was reported, and the queued close has not been executed yet. */
    private boolean waitsForTurn;

    /** @param stalled called when nothing was read for the timeout */
    StallWatch(Wire wire, LoopTasks tasks, Duration timeout, Runnable stalled) {
        this.wire = wire;
        this.tasks = tasks;
        this.timeout = timeout;
        this.stalled = stalled;
    }

    /** Since when no progress was seen, as {@link System#nanoTime}; 0 if nothing is queued. */
    long stalledSince() {
        return wire.hasBacklog() ? since : 0;
    }

    /** Whether it is still stalled when the queued close is executed. Continues watching if not. */
    boolean stillStalled() {
        waitsForTurn = false;
        return check();
    }

    /** Bytes are queued now. */
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
