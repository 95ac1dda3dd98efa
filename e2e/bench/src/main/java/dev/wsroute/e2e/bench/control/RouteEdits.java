// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The time from applying an edited route until its status says that the running proxy has the edit. */
final class RouteEdits {

    static final String PART = "programmed";

    private static final int WARM_UP = 5;
    private static final double BAR_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LiveCluster live;
    private int edit = 1;

    RouteEdits(LiveCluster live) {
        this.live = live;
    }

    /** @param count number of measured edits, after a warm-up */
    Percentiles run(int count) throws InterruptedException {
        List<Duration> programmed = new ArrayList<>();
        try (RouteWatch watch = live.watch()) {
            for (int i = 0; i < WARM_UP; i++) {
                edit(watch);
            }
            for (int i = 0; i < count; i++) {
                programmed.add(edit(watch));
            }
        }
        return Percentiles.of(programmed);
    }

    private Duration edit(RouteWatch watch) throws InterruptedException {
        long generation = live.apply(++edit);
        long accepted = System.nanoTime();
        OptionalLong seen = watch.awaitProgrammed(generation, PATIENCE);
        if (seen.isEmpty()) {
            throw new IllegalStateException("generation " + generation + " is not Programmed after " + PATIENCE);
        }
        return Duration.ofNanos(seen.getAsLong() - accepted);
    }

    static List<Figure> figures(Percentiles programmed) {
        String what = "apply to Programmed on the running proxy, ";
        return List.of(
                Figure.of(PART, what + "median", EndpointChanges.millis(programmed.at(50)), "ms"),
                new Figure(PART, what + "p99", EndpointChanges.millis(programmed.at(99)), "ms", BAR_MILLIS),
                Figure.of(PART, what + "max", EndpointChanges.millis(programmed.max()), "ms"));
    }
}
