package dev.wsroute.proxy.relay;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A tunnel's close timeout: a timer only while the tunnel is closing. */
final class CloseTimer {

    private final LoopTasks tasks;
    private final Duration timeout;
    private final Runnable late;
    private @Nullable ScheduledFuture<?> timer;

    CloseTimer(LoopTasks tasks, Duration timeout, Runnable late) {
        this.tasks = tasks;
        this.timeout = timeout;
        this.late = late;
    }

    /** Goes off once the close timeout is over, counted from the first call. */
    void arm() {
        if (timer == null) {
            timer = tasks.schedule(late, timeout);
        }
    }

    /** Does not go off any more. */
    void cancel() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
