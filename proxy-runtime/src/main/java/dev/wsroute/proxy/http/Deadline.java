package dev.wsroute.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** At most one pending timer. Used on its event loop only. */
public final class Deadline {

    private final EventLoop loop;
    private @Nullable ScheduledFuture<?> pending;

    public Deadline(EventLoop loop) {
        this.loop = loop;
    }

    /** Calls {@code action} once {@code after} is over, in place of what was pending. */
    public void arm(Duration after, Runnable action) {
        cancel();
        pending = loop.schedule(action, after.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Forgets what was pending. */
    public void cancel() {
        ScheduledFuture<?> timer = pending;
        if (timer != null) {
            timer.cancel(false);
            pending = null;
        }
    }
}
