// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wsroute.config.ConsistentHash;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.balance.EndpointStatus.Availability;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The share of new connections that a new endpoint gets, with few and with many connections on the others. */
class NewEndpointTest {

    private static final Duration RAMP = Duration.ofSeconds(30);
    private static final LoadBalancing LEAST = Bench.leastConnections(RAMP);
    private static final int CHOICES = 8_000;

    private final Bench bench = new Bench();

    @ParameterizedTest
    @CsvSource({"0, 0, 0.1", "1, 0, 0.1", "10, 0, 0.1", "1000, 0, 0.1", "0, 15, 0.55", "1000, 15, 0.55", "0, 29, 0.97"})
    void inItsSlowStartItGetsAGrowingPartOfItsFairShare(int live, int seconds, double part) {
        EndpointSelector selector = joining(LEAST, 3, live);
        bench.clock.advance(Duration.ofSeconds(seconds));

        double share = shortOnes(selector);

        assertThat(share).isCloseTo(part / 4, within(0.001));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 1_000})
    void soItDoesOfConnectionsThatStay(int live) {
        EndpointSelector selector = joining(LEAST, 3, live);

        hold(selector, 400);

        assertThat(bench.balancing.live(key("new"))).isBetween(9, 11);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 1_000})
    void itGetsItsFirstConnectionSoonWhateverTheRandomChoices(int live) {
        for (int seed = 0; seed < 50; seed++) {
            Bench other = new Bench(seed);
            EndpointSelector selector = joining(other, LEAST, 3, live);

            int first = 0;
            while (first < 1_000 && !Bench.target(selector, Bench.request()).equals("new")) {
                first++;
            }

            // A tenth of a quarter is one in forty.
            assertThat(first).isLessThan(100);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0.2, 0.3", "1, 0.25, 0.52", "10, 0.25, 0.45", "1000, 0.25, 0.45"})
    void afterThatItCatchesUpAtNoMoreThanTwiceItsFairShare(int live, double least, double most) {
        EndpointSelector selector = joining(LEAST, 3, live);
        bench.clock.advance(RAMP);

        assertThat(shortOnes(selector)).isBetween(least, most);
    }

    @Test
    void besideOneOtherItDoesNotGetEverythingWhileItCatchesUp() {
        EndpointSelector selector = joining(LEAST, 1, 1_000);
        bench.clock.advance(RAMP);

        hold(selector, 800);

        assertThat(bench.balancing.live(key("new"))).isBetween(560, 640);
        hold(selector, 1_500);
        assertThat(bench.balancing.live(key("new"))).isCloseTo(1_650, within(5));
    }

    @Test
    void manyThatJoinAtOnceLeaveTheRestToTheOldOnes() {
        EndpointSelector selector = joining(LEAST, 1, 10);
        bench.ready("b0", ids(1, "new", "n1", "n2", "n3"));

        Map<String, Integer> targets = Bench.targets(selector, 1_000);

        assertThat(targets.get("e0")).isBetween(918, 922);
        assertThat(targets.get("n3")).isBetween(18, 22);
    }

    @Test
    void theOneThatReplacesTheOnlyOtherOneStartsWithEverythingAndAtFullWeight() {
        EndpointSelector selector = selector(bench, LEAST);
        bench.ready("b0", "old");
        bench.ready("b0", "next");

        assertThat(Bench.targets(selector, 100)).containsExactlyEntriesOf(Map.of("next", 100));
        assertThat(availability("next")).isEqualTo(new Availability.Ready());
    }

    @Test
    void soItDoesWhereBothWereThereForAWhile() {
        EndpointSelector selector = selector(bench, LEAST);
        bench.ready("b0", "old");
        bench.ready("b0", "old", "next");
        bench.clock.advance(Duration.ofSeconds(1));
        bench.ready("b0", "next");

        assertThat(Bench.targets(selector, 100)).containsExactlyEntriesOf(Map.of("next", 100));
        assertThat(availability("next")).isEqualTo(new Availability.Ready());
    }

    @Test
    void thoseThatReplaceAllOthersShareEverything() {
        EndpointSelector selector = selector(bench, LEAST);
        bench.ready("b0", "old");
        bench.ready("b0", "a", "b");

        hold(selector, 100);

        assertThat(bench.balancing.live(key("a"))).isEqualTo(50);
    }

    @Test
    void theFirstOnesOfABackendShareEvenlyThoughTheyBecomeReadyOneByOne() {
        EndpointSelector selector = selector(bench, LEAST);
        bench.ready("b0");
        bench.ready("b0", "e0");
        assertThat(Bench.targets(selector, 10)).containsExactlyEntriesOf(Map.of("e0", 10));
        bench.clock.advance(Duration.ofMillis(200));
        bench.ready("b0", "e0", "e1");
        bench.clock.advance(Duration.ofMillis(200));
        bench.ready("b0", "e0", "e1", "new");
        bench.clock.advance(Duration.ofSeconds(2));

        assertThat(shortOnes(selector)).isBetween(0.25, 1.0 / 3);
    }

    @Test
    void whereTheOldOnesCannotBeHadANewOneTakesAll() {
        EndpointSelector selector = selector(bench, LEAST);
        bench.ready("b0", "old");
        bench.ready("b0", "new", "old");

        for (int i = 0; i < 100; i++) {
            EndpointLease lease = Objects.requireNonNull(selector.select(Bench.request(), Set.of(key("old"))));
            assertThat(lease.endpoint().key()).isEqualTo(key("new"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 1_000})
    void roundRobinGivesItItsShareAtOnce(int live) {
        EndpointSelector selector = joining(LoadBalancing.of(LoadBalancing.Type.RoundRobin), 3, live);

        assertThat(shortOnes(selector)).isEqualTo(0.25);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 1_000})
    void aHashGivesItItsShareOfTheValuesAtOnce(int live) {
        EndpointSelector selector = joining(Bench.hash(ConsistentHash.Type.Header, "x-user"), 5, live);

        long gone = IntStream.range(0, CHOICES)
                .mapToObj(i -> Bench.request().withHeaders(Map.of("x-user", "user-" + i)))
                .filter(request -> Bench.target(selector, request).equals("new"))
                .count();

        assertThat((double) gone / CHOICES).isCloseTo(1.0 / 6, within(0.02));
    }

    /** Endpoints with the given number of connections each, and a new one. */
    private EndpointSelector joining(LoadBalancing balancing, int others, int live) {
        return joining(bench, balancing, others, live);
    }

    private static EndpointSelector joining(Bench bench, LoadBalancing balancing, int others, int live) {
        EndpointSelector selector = selector(bench, balancing);
        bench.ready("b0", ids(others));
        EndpointSelector even = bench.balancing.selector(
                "r",
                Bench.rule()
                        .backends(Bench.backends(1))
                        .loadBalancing(LoadBalancing.of(LoadBalancing.Type.RoundRobin))
                        .build());
        hold(even, others * live);
        bench.ready("b0", ids(others, "new"));
        return selector;
    }

    private static EndpointSelector selector(Bench bench, LoadBalancing balancing) {
        return bench.selector(Bench.rule().backends(Bench.backends(1)).loadBalancing(balancing));
    }

    private static String[] ids(int count, String... more) {
        return Stream.concat(IntStream.range(0, count).mapToObj(i -> "e" + i), Stream.of(more))
                .toArray(String[]::new);
    }

    private static void hold(EndpointSelector selector, int connections) {
        for (int i = 0; i < connections; i++) {
            Bench.lease(selector, Bench.request());
        }
    }

    /** The new endpoint's share of many connections that end at once. */
    private static double shortOnes(EndpointSelector selector) {
        return (double) Bench.targets(selector, CHOICES).getOrDefault("new", 0) / CHOICES;
    }

    private Availability availability(String id) {
        return bench.balancing
                .status(Bench.source("b0"), TestEndpoints.ready(id), RAMP)
                .availability();
    }
}
