// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.ConnectionRights;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the right to a tunnel ends. Tokens name a time of day, so the clock of the wall counts: it is looked at again at least once a
 * minute, since it may be set, and the wheel's ticks do not count the time for which a machine was suspended. The end comes a little earlier,
 * at random, so that tunnels whose tokens end together do not all end together.
 */
final class RightsClock {

    /** Of the time that is left when the tunnel opens. */
    private static final int JITTER_PERCENT = 5;

    private static final long MOST_JITTER_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final long LOOK_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final LongSupplier wall;
    private final long endsMillis;

    /** @param wall milliseconds since the epoch */
    RightsClock(ConnectionRights rights, LongSupplier wall) {
        this.wall = wall;
        this.endsMillis = earlier(rights.endsMillis(), wall.getAsLong());
    }

    private static long earlier(long ends, long now) {
        if (ends <= now) {
            return ends;
        }
        long jitter = Math.min(MOST_JITTER_MILLIS, (ends - now) / 100 * JITTER_PERCENT);
        return ends - (jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter));
    }

    /** Whether the right has ended. */
    boolean hasEnded() {
        return endsMillis <= wall.getAsLong();
    }

    /** After how many ticks of the wheel to look again. */
    long ticksToNextLook() {
        long now = wall.getAsLong();
        long left = endsMillis <= now ? 0 : Math.min(LOOK_MILLIS, endsMillis - now);
        return LoopWheel.ticks(TimeUnit.MILLISECONDS.toNanos(left));
    }
}
