// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import java.time.Duration;

/**
 * Notices when closing does not help, because clients come back to where they were, for example through a sticky load balancer.
 * Without it they would be sent round forever.
 *
 * <p>It compares rounds by the highest excess of each, since the excess is lower while clients are on their way. A round lasts until
 * so many connections were closed that an even load balancer would show a clear difference. Confined to the control thread.
 */
final class Patience {

    /** How long nothing is closed after it has not helped. */
    static final Duration REST = Duration.ofHours(1);

    /** Without an excess for so long, the next one is another matter: slow clients are back. */
    static final Duration QUIET = Duration.ofMinutes(10);

    /** So many rounds in a row must fail. */
    private static final int ROUNDS = 3;

    /** A round fails if the excess shrinks by less than this part of what could be expected. */
    private static final double PART = 0.25;

    /** A round closes at least this part of the excess. */
    private static final double SHARE_OF_EXCESS = 1 / 8.0;

    /** Standard deviations squared of the clients that come back by chance: below that, a round tells nothing. */
    private static final int CHANCE = 8;

    private int closed;
    private int highest;
    private double expected;
    private int highestBefore = -1;
    private double expectedBefore;
    private int failed;
    private int sum;
    private long quietSince = Long.MIN_VALUE;
    private long restsUntil;
    private boolean resting;

    /** What to do. */
    enum Advice {
        CLOSE,
        /** It has not helped: stop. Given once. */
        GIVE_UP,
        REST
    }

    /**
     * Looks at the excess.
     *
     * @param excess connections that should go elsewhere
     * @param leaving the part of closed clients that an even load balancer sends to where there is no excess
     * @param now in nanoseconds
     */
    Advice look(int excess, double leaving, long now) {
        if (resting && now - restsUntil < 0) {
            return Advice.REST;
        }
        if (resting || isQuiet(excess, now)) {
            forget();
        }
        highest = Math.max(highest, excess);
        double enough = Math.max(highest * SHARE_OF_EXCESS, CHANCE / (leaving * leaving));
        if (closed > 0 && closed >= enough && endsInFailure()) {
            resting = true;
            restsUntil = now + REST.toNanos();
            return Advice.GIVE_UP;
        }
        return Advice.CLOSE;
    }

    private boolean isQuiet(int excess, long now) {
        if (excess > 0) {
            quietSince = Long.MIN_VALUE;
            return false;
        }
        if (quietSince == Long.MIN_VALUE) {
            quietSince = now;
        }
        return now - quietSince >= QUIET.toNanos();
    }

    /** Ends the round. */
    private boolean endsInFailure() {
        if (highestBefore >= 0) {
            failed = highestBefore - highest < expectedBefore * PART ? failed + 1 : 0;
        }
        highestBefore = highest;
        expectedBefore = expected;
        highest = 0;
        closed = 0;
        expected = 0;
        return failed == ROUNDS;
    }

    /** Connections were closed. */
    void closed(int count, double leaving) {
        closed += count;
        sum += count;
        expected += count * leaving;
    }

    /** How many were closed since it began to count. */
    int sum() {
        return sum;
    }

    /** Begins again: what came before tells nothing any more. */
    void forget() {
        closed = 0;
        highest = 0;
        expected = 0;
        highestBefore = -1;
        expectedBefore = 0;
        failed = 0;
        sum = 0;
        quietSince = Long.MIN_VALUE;
        resting = false;
    }
}
