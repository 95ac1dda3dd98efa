// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The close timeout of a tunnel. The timer exists only while the tunnel is closing. */
final class CloseTimer {

    private final LoopTasks tasks;
    private final Duration timeout;
    private final Runnable late;
    private @Nullable Deadline timer;

    CloseTimer(LoopTasks tasks, Duration timeout, Runnable late) {
        this.tasks = tasks;
        this.timeout = timeout;
        this.late = late;
    }

    /** Starts the timer. Further calls have no effect. */
    void arm() {
        if (timer == null) {
            timer = tasks.deadline();
            timer.arm(timeout, late);
        }
    }

    /** Cancels the timer. */
    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
