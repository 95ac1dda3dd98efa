// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import java.util.concurrent.TimeUnit;

/**
 * How fast connections are closed: a batch per interval. No second gets more than 1.25 times its share, even after a
 * late tick, since {@link #next} limits how fast the schedule catches up.
 *
 * @param batch connections per batch
 * @param intervalNanos from one batch to the next
 */
record ShedRate(int batch, long intervalNanos) {

    static final long MIN_TICK_MILLIS = 10;
    private static final double CATCH_UP = 0.8;

    /**
     * Spreads {@code count} connections over a window. Intervals shorter than {@value #MIN_TICK_MILLIS} ms are merged
     * into batches.
     */
    static ShedRate of(int count, long overNanos) {
        if (overNanos == 0) {
            return new ShedRate(count, 0);
        }
        long shortest = TimeUnit.MILLISECONDS.toNanos(MIN_TICK_MILLIS);
        long each = overNanos / count;
        int batch = each >= shortest ? 1 : (int) Math.ceil((double) shortest / Math.max(1, each));
        return new ShedRate(batch, overNanos / ((count + batch - 1) / batch));
    }

    /**
     * When the next batch is due: as planned, or when that is late, at most a quarter faster than the rate.
     *
     * @param planned when the current batch was due
     */
    long next(long planned, long now) {
        return Math.max(planned + intervalNanos, now + (long) (intervalNanos * CATCH_UP));
    }
}
