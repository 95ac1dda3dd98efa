package dev.wsroute.proxy.admission;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * At most so many a second, of which a second's worth may come at once: a token bucket, kept as the time at which it will
 * be full again (the generic cell rate algorithm). For any thread.
 */
final class Pace {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong full;

    /** @param now of {@link System#nanoTime} */
    Pace(long now) {
        full = new AtomicLong(now);
    }

    /** Whether one more may come now; if so, it has come. */
    boolean take(int perSecond, long now) {
        if (perSecond == Caps.NONE) {
            return true;
        }
        long interval = SECOND / perSecond;
        while (true) {
            long seen = full.get();
            long ahead = Math.max(0, seen - now);
            if (ahead > SECOND - interval) {
                return false;
            }
            if (full.compareAndSet(seen, now + ahead + interval)) {
                return true;
            }
        }
    }
}
