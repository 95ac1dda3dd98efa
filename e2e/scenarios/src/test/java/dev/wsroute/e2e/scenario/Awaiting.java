// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Assertions that something does not happen. */
final class Awaiting {

    private Awaiting() {}

    /** The assertion holds during the whole time. It is checked every 200 ms. */
    static void quiet(Duration time, ThrowingRunnable assertion) {
        Awaitility.await("nothing for " + time)
                .during(time)
                .atMost(time.multipliedBy(3))
                .pollInterval(Duration.ofMillis(200))
                .failFast("it happened", assertion)
                .until(() -> true);
    }
}
