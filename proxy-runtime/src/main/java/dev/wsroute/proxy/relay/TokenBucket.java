// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import java.util.concurrent.TimeUnit;

/**
 * What may pass at once, at a rate: it fills steadily up to its capacity. Times are those of {@link System#nanoTime}. Confined to
 * an event loop.
 */
final class TokenBucket {

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    /** In seconds. A burst is at least what comes in this time, so that timers need not be more precise. */
    private static final double SHORTEST_BURST = 0.05;

    /** In seconds. Who has to wait then gets at least what comes in this time, so that nobody is woken for every byte. */
    private static final double PORTION = 0.02;

    private final double perNano;
    private final double capacity;
    private final double portion;
    private double tokens;
    private long filledAt;

    /**
     * A full bucket.
     *
     * @param perSecond above 0
     * @param burst its capacity, above 0
     */
    TokenBucket(long perSecond, long burst, long now) {
        perNano = perSecond / SECOND;
        capacity = Math.max((double) burst, perSecond * SHORTEST_BURST);
        portion = Math.min(capacity, Math.max(1, perSecond * PORTION));
        tokens = capacity;
        filledAt = now;
    }

    /** How many there are now. */
    long available(long now) {
        tokens = Math.min(capacity, tokens + (now - filledAt) * perNano);
        filledAt = now;
        return (long) tokens;
    }

    /** Takes some of what is available. */
    void take(long number) {
        tokens -= number;
    }

    /** Nanoseconds until it is worth while to go on; 0 if it is now. */
    long nanosUntilPortion(long now) {
        available(now);
        return tokens >= portion ? 0 : (long) Math.ceil((portion - tokens) / perNano);
    }
}
