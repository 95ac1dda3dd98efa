// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Things that must not happen. */
final class Awaiting {

    private Awaiting() {}

    /** Holds over the whole time; looked at every 200 ms. */
    static void quiet(Duration time, ThrowingRunnable assertion) {
        Awaitility.await("nothing for " + time)
                .during(time)
                .atMost(time.multipliedBy(3))
                .pollInterval(Duration.ofMillis(200))
                .failFast("it happened", assertion)
                .until(() -> true);
    }
}
