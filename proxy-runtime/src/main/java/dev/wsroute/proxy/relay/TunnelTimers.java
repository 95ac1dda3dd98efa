package dev.wsroute.proxy.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A tunnel's close timeout and, where the rule has one, its idle timeout: at most one pending timer each. */
final class TunnelTimers {

    private final EventLoop loop;
    private final Duration closeTimeout;
    private @Nullable ScheduledFuture<?> close;
    private @Nullable ScheduledFuture<?> idle;
    private long lastRead;
    private boolean cancelled;

    TunnelTimers(EventLoop loop, Duration closeTimeout) {
        this.loop = loop;
        this.closeTimeout = closeTimeout;
    }

    /** Calls {@code late} once the close timeout is over, counted from the first call. */
    void armClose(Runnable late) {
        if (close == null && !cancelled) {
            close = loop.schedule(late, closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Calls {@code silent} when nothing was {@link #read} for as long. */
    void watchIdle(Duration timeout, Runnable silent) {
        lastRead = System.nanoTime();
        watchIdle(timeout, silent, timeout.toNanos());
    }

    private void watchIdle(Duration timeout, Runnable silent, long nanos) {
        idle = loop.schedule(
                () -> {
                    long left = timeout.toNanos() - (System.nanoTime() - lastRead);
                    if (left <= 0) {
                        silent.run();
                    } else {
                        watchIdle(timeout, silent, left);
                    }
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }

    /** Something was read. */
    void read() {
        if (idle != null) {
            lastRead = System.nanoTime();
        }
    }

    /** Nothing fires any more. */
    void cancel() {
        cancelled = true;
        cancel(close);
        cancel(idle);
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
