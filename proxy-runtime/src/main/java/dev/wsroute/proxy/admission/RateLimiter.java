// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket that holds the tokens of one second. It is stored as the time at which the bucket is full again (the
 * generic cell rate algorithm). Thread-safe.
 */
final class RateLimiter {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong fullAt;

    /** @param now as {@link System#nanoTime} */
    RateLimiter(long now) {
        fullAt = new AtomicLong(now);
    }

    /** Takes a token; false if there is none. */
    boolean tryAcquire(int perSecond, long now) {
        if (perSecond == Caps.NONE) {
            return true;
        }
        long interval = SECOND / perSecond;
        while (true) {
            long seen = fullAt.get();
            long ahead = Math.max(0, seen - now);
            if (ahead > SECOND - interval) {
                return false;
            }
            if (fullAt.compareAndSet(seen, now + ahead + interval)) {
                return true;
            }
        }
    }
}
