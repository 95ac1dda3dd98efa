package dev.wsroute.proxy.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds readers that take nothing while bytes wait for them. One timer, pending only while bytes wait; it fires at most
 * once a timeout, so a stall is found between one and two timeouts after it began.
 */
final class StallWatch {

    private final Side side;
    private final EventLoop loop;
    private final Duration timeout;
    private final Runnable stalled;
    private @Nullable ScheduledFuture<?> timer;
    private long taken;
    private boolean asked;

    StallWatch(Side side, EventLoop loop, Duration timeout, Runnable stalled) {
        this.side = side;
        this.loop = loop;
        this.timeout = timeout;
        this.stalled = stalled;
    }

    /** Whether it takes nothing still, now that its turn has come; watches on where it does. */
    boolean stillStalled() {
        asked = false;
        if (!side.isOpen() || !side.hasBacklog()) {
            return false;
        }
        if (side.taken() == taken) {
            return true;
        }
        watch();
        return false;
    }

    /** Bytes wait now. */
    void watch() {
        if (timer == null && !asked) {
            taken = side.taken();
            timer = loop.schedule(this::check, timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void check() {
        timer = null;
        if (!side.isOpen() || !side.hasBacklog()) {
            return;
        }
        if (side.taken() == taken) {
            asked = true;
            stalled.run();
        } else {
            watch();
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
