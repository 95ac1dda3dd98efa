package dev.wsroute.proxy.drain;

import java.util.concurrent.TimeUnit;

/**
 * How fast connections are asked to leave: so many at once, so often. No second has more than its share and a quarter,
 * whatever happens to ticks: after a late one the next comes no earlier than {@link #after} says.
 *
 * @param batch how many at once
 * @param intervalNanos from one batch to the next
 */
record Pace(int batch, long intervalNanos) {

    static final long MIN_TICK_MILLIS = 10;
    private static final double CATCH_UP = 0.8;

    /** {@code count} over a window. Intervals shorter than {@value #MIN_TICK_MILLIS} ms are taken together to batches. */
    static Pace of(int count, long overNanos) {
        if (overNanos == 0) {
            return new Pace(count, 0);
        }
        long shortest = TimeUnit.MILLISECONDS.toNanos(MIN_TICK_MILLIS);
        long each = overNanos / count;
        int batch = each >= shortest ? 1 : (int) Math.ceil((double) shortest / Math.max(1, each));
        return new Pace(batch, overNanos / ((count + batch - 1) / batch));
    }

    /**
     * When the next batch is due: at its planned moment, or at most a quarter faster than the pace where that has passed.
     *
     * @param planned when the one of now was due
     */
    long after(long planned, long now) {
        return Math.max(planned + intervalNanos, now + (long) (intervalNanos * CATCH_UP));
    }
}
