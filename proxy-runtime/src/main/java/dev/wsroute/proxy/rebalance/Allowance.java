// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import java.time.Duration;

/** How many connections a rate still allows to close. Confined to the control thread. */
final class Allowance {

    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private final int percentPerMinute;
    private double allowed;

    /** @param percentPerMinute of the connections that there are */
    Allowance(int percentPerMinute) {
        this.percentPerMinute = percentPerMinute;
    }

    /**
     * What may be closed now.
     *
     * @param connections that there are
     * @param time since the last call
     */
    int after(Duration time, int connections) {
        double rate = connections * percentPerMinute / 100.0 * time.toNanos() / MINUTE;
        // What could not be closed before, because the connections were too young, is not made up for.
        allowed = Math.min(allowed + rate, Math.max(1, rate) + 1);
        return (int) allowed;
    }

    void use(int count) {
        allowed -= count;
    }

    void reset() {
        allowed = 0;
    }
}
