// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects a peer that reads nothing while bytes are queued for it. A timer runs only while bytes are queued, and fires at
 * most once per timeout. So a stall is found between one and two timeouts after it began.
 */
final class StallWatch {

    private final Wire wire;
    private final LoopTasks tasks;
    private final Duration timeout;
    private final Runnable stalled;
    private @Nullable Deadline timer;
    private long progress;
    /** Time of the last check that saw progress, as {@link System#nanoTime}. */
    private long since;
    /** A stall was reported, and its queued close has not been executed yet. */
    private boolean closeQueued;

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

    /** Whether the peer is still stalled. Called when the queued close is executed; continues watching if not. */
    boolean stillStalled() {
        closeQueued = false;
        return check();
    }

    /** Bytes are queued now. */
    void watch() {
        if (timer == null && !closeQueued) {
            progress = wire.progress();
            since = System.nanoTime();
            timer = tasks.deadline();
            timer.arm(timeout, this::timeOut);
        }
    }

    private void timeOut() {
        timer = null;
        if (check()) {
            closeQueued = true;
            stalled.run();
        }
    }

    private boolean check() {
        if (!wire.isOpen() || !wire.hasBacklog()) {
            return false;
        }
        if (wire.progress() == progress) {
            return true;
        }
        watch();
        return false;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
