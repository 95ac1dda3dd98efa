// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedChoiceTest {

    private static final int CONNECTIONS = 10_000;

    static Stream<int[]> weights() {
        return Stream.of(
                new int[] {1, 1},
                new int[] {90, 10},
                new int[] {99, 1},
                new int[] {1, 2, 4},
                new int[] {7, 13, 29},
                new int[] {1_000_000, 333_333, 1},
                IntStream.rangeClosed(1, 16).toArray(),
                IntStream.range(0, 16).map(i -> 1 << i).toArray());
    }

    @ParameterizedTest
    @MethodSource("weights")
    void tenThousandConnectionsAreSplitToOnePercent(int[] weights) {
        Bench bench = new Bench();
        EndpointSelector selector = selector(bench, weights);

        accurate(weights, Bench.targets(selector, CONNECTIONS));
    }

    @ParameterizedTest
    @MethodSource("weights")
    void soTheyAreWhenManyThreadsChooseAtATime(int[] weights) throws Exception {
        EndpointSelector selector = selector(new Bench(), weights);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Map<String, Integer> counts = new TreeMap<>();
        try {
            Callable<Map<String, Integer>> quarter = () -> Bench.targets(selector, CONNECTIONS / 4);
            for (Future<Map<String, Integer>> part : threads.invokeAll(List.of(quarter, quarter, quarter, quarter))) {
                part.get().forEach((id, count) -> counts.merge(id, count, Integer::sum));
            }
        } finally {
            threads.shutdownNow();
        }

        accurate(weights, counts);
    }

    @Test
    void weightZeroGetsNoNewConnectionsAndKeepsTheOldOnes() {
        Bench bench = new Bench();
        EndpointSelector before = selector(bench, 1, 1);
        List<EndpointLease> held = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            held.add(Bench.lease(before, Bench.request()));
        }
        int old = bench.balancing.live(key("e1"));

        EndpointSelector after = bench.selector(Bench.rule().backends(Bench.backends(1, 0)));

        assertThat(Bench.targets(after, 1_000)).containsExactlyEntriesOf(Map.of("e0", 1_000));
        assertThat(old).isBetween(4, 6);
        assertThat(bench.balancing.live(key("e1"))).isEqualTo(old);
    }

    private static EndpointSelector selector(Bench bench, int... weights) {
        for (int i = 0; i < weights.length; i++) {
            bench.ready("b" + i, "e" + i);
        }
        return bench.selector(Bench.rule().backends(Bench.backends(weights)));
    }

    private static void accurate(int[] weights, Map<String, Integer> counts) {
        double total = IntStream.of(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            double due = weights[i] / total * CONNECTIONS;
            double off = Math.abs(counts.getOrDefault("e" + i, 0) - due);
            assertThat(off)
                    .as("backend %d of weight %d is due %f of %s", i, weights[i], due, counts)
                    .isLessThanOrEqualTo(Math.max(0.01 * due, 8));
        }
    }
}
