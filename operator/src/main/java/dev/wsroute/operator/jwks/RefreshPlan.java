// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a key set is fetched next. A set is refreshed when three quarters to nine tenths of its time have passed, at random, so
 * that neither the sets of one operator nor the operators of many clusters come together.
 *
 * @param due when to fetch
 * @param begun when the last attempt began; null if there was none
 * @param failures attempts that failed since one succeeded
 */
record RefreshPlan(Instant due, @Nullable Instant begun, int failures) {

    /** If the server does not say how long its answer may be used. */
    static final Duration DEFAULT_AGE = Duration.ofMinutes(5);

    static final Duration MIN_AGE = Duration.ofMinutes(1);
    static final Duration MAX_AGE = Duration.ofHours(24);

    /** Between the attempts that tokens with unknown keys bring about, whether they succeed or fail: anybody can send such tokens. */
    static final Duration COOL_DOWN = Duration.ofMinutes(1);

    static final Duration FIRST_RETRY = Duration.ofSeconds(15);
    static final Duration LAST_RETRY = Duration.ofMinutes(10);

    private static final double EARLIEST = 0.75;
    private static final double SPREAD = 0.15;
    private static final int MAX_DOUBLINGS = 10;

    /** As soon as possible. */
    static RefreshPlan first(Instant now) {
        return new RefreshPlan(now, null, 0);
    }

    RefreshPlan begin(Instant now) {
        return new RefreshPlan(due, now, failures);
    }

    /**
     * @param maxAge for how long the answer may be used
     * @param random from 0 to 1
     */
    RefreshPlan succeeded(Instant now, Duration maxAge, double random) {
        Duration age = within(MIN_AGE, maxAge, MAX_AGE);
        Duration wait = times(age, EARLIEST + SPREAD * random);
        return new RefreshPlan(now.plus(within(MIN_AGE, wait, MAX_AGE)), begun, 0);
    }

    /** @param random from 0 to 1 */
    RefreshPlan failed(Instant now, double random) {
        Duration wait =
                within(FIRST_RETRY, FIRST_RETRY.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS)), LAST_RETRY);
        return new RefreshPlan(now.plus(times(wait, 1 - SPREAD * random)), begun, failures + 1);
    }

    /** A token came whose key the set does not have. After failures, the next attempt is soon enough. */
    RefreshPlan unknownKey(Instant now) {
        if (failures > 0) {
            return this;
        }
        Instant soonest = begun == null || begun.plus(COOL_DOWN).isBefore(now) ? now : begun.plus(COOL_DOWN);
        return soonest.isBefore(due) ? new RefreshPlan(soonest, begun, failures) : this;
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofMillis((long) (duration.toMillis() * factor));
    }

    private static Duration within(Duration min, Duration value, Duration max) {
        return value.compareTo(min) < 0 ? min : value.compareTo(max) > 0 ? max : value;
    }
}
