package dev.wsroute.proxy.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A tunnel's close timeout: a timer only while the tunnel is closing. */
final class CloseTimer {

    private final EventLoop loop;
    private final Duration timeout;
    private @Nullable ScheduledFuture<?> timer;
    private boolean cancelled;

    CloseTimer(EventLoop loop, Duration timeout) {
        this.loop = loop;
        this.timeout = timeout;
    }

    /** Calls {@code late} once the close timeout is over, counted from the first call. */
    void arm(Runnable late) {
        if (timer == null && !cancelled) {
            timer = loop.schedule(late, timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Does not fire any more. */
    void cancel() {
        cancelled = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
