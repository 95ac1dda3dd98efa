// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Measured durations and their percentiles by nearest rank: each percentile is a measured duration, not an interpolated
 * one.
 *
 * @param sorted the durations, shortest first; at least one
 */
record Percentiles(List<Duration> sorted) {

    Percentiles {
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        sorted = sorted.stream().sorted().toList();
    }

    static Percentiles of(Collection<Duration> measured) {
        return new Percentiles(List.copyOf(measured));
    }

    /**
     * The smallest duration that {@code percent} of all durations do not exceed.
     *
     * @param percent more than 0, at most 100
     */
    Duration at(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("no percentile: " + percent);
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1);
    }

    Duration max() {
        return sorted.get(sorted.size() - 1);
    }

    int count() {
        return sorted.size();
    }
}
