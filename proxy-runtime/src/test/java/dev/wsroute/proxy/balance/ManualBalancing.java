// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.testkit.ManualScheduler;
import java.time.InstantSource;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Balancing with a manual clock, and the same random numbers in every run. */
public final class ManualBalancing {

    private ManualBalancing() {}

    public static Balancing balancing(ManualScheduler time) {
        RandomGenerator draws = new Random(3);
        return new Balancing(
                (route, backend, endpoint, duration) -> {}, time::nanoTime, InstantSource.system(), () -> draws);
    }
}
