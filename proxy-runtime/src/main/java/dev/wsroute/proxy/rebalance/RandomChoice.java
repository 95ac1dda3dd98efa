// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.proxy.drain.LiveConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Chooses random connections that are old enough: always the oldest would be always the same clients.
 *
 * @param minAge younger ones stay
 */
record RandomChoice(Supplier<RandomGenerator> random, Duration minAge) {

    /** Up to {@code count} of {@code among}. */
    List<LiveConnection> of(List<LiveConnection> among, int count) {
        List<LiveConnection> order = new ArrayList<>(among);
        Collections.shuffle(order, new Random(random.get().nextLong()));
        long youngest = minAge.toSeconds();
        return order.stream()
                .filter(connection -> connection.view().ageSeconds() >= youngest)
                .limit(count)
                .toList();
    }
}
