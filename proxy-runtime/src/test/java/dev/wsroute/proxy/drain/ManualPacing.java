// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import dev.wsroute.proxy.testkit.ManualScheduler;
import java.time.Duration;
import java.util.Random;

/** Paced shedding with a manual clock. */
public final class ManualPacing {

    private ManualPacing() {}

    /** A shedder that closes connections while {@code time} advances. */
    public static PacedShedder shedder(ManualScheduler time, ConnectionRegistry connections, ShedObserver observer) {
        return new PacedShedder(
                time, connections, () -> Duration.ofSeconds(60), observer, new Random(7), time::nanoTime);
    }
}
