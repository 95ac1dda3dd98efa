// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import org.jspecify.annotations.Nullable;

/**
 * One figure.
 *
 * @param part of the benchmark
 * @param what was measured
 * @param unit of value and bar
 * @param bar the maximum that the value must not exceed; null for none
 */
record Figure(
        String part,
        String what,
        double value,
        String unit,
        @Nullable Double bar) {

    /** A figure without a bar. */
    static Figure of(String part, String what, double value, String unit) {
        return new Figure(part, what, value, unit, null);
    }

    /** A count without a bar. */
    static Figure count(String part, String what, long count) {
        return new Figure(part, what, (double) count, "", null);
    }

    /** A count and its maximum. */
    static Figure count(String part, String what, long count, long most) {
        return new Figure(part, what, (double) count, "", (double) most);
    }

    boolean missed() {
        return bar != null && value > bar;
    }
}
