// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import org.jspecify.annotations.Nullable;

/**
 * One figure that came out.
 *
 * @param part of the benchmark
 * @param what was measured
 * @param unit of value and bar
 * @param bar what the value has to stay at or below; null: nothing is asked of it
 */
record Figure(
        String part,
        String what,
        double value,
        String unit,
        @Nullable Double bar) {

    /** Without a bar. */
    static Figure of(String part, String what, double value, String unit) {
        return new Figure(part, what, value, unit, null);
    }

    /** How many there were, without a bar. */
    static Figure count(String part, String what, long count) {
        return new Figure(part, what, (double) count, "", null);
    }

    /** How many there were, and how many there may be. */
    static Figure count(String part, String what, long count, long most) {
        return new Figure(part, what, (double) count, "", (double) most);
    }

    boolean missed() {
        return bar != null && value > bar;
    }
}
