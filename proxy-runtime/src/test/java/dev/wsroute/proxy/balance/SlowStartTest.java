// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static dev.wsroute.proxy.testkit.TestEndpoints.notReady;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.balance.EndpointStatus.Availability;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SlowStartTest {

    private static final Duration RAMP = Duration.ofSeconds(30);
    private static final int PROXIES = 20;
    private static final int OLD = 9;
    private static final double FAIR = 1.0 / (OLD + 1);

    @Test
    void aNewEndpointNeverGetsMoreThanItsFairShareWhileItStartsThoughTwentyProxiesFindItEmpty() {
        double[] shares = sharesOfANewEndpoint(RAMP, 10, 12_000);

        for (double share : shares) {
            assertThat(share).isLessThan(1.15 * FAIR);
        }
        assertThat(shares[0]).isBetween(0.05 * FAIR, 0.35 * FAIR);
        assertThat(shares[9]).isGreaterThan(0.75 * FAIR);
        for (int i = 2; i < shares.length; i += 2) {
            assertThat(shares[i]).isGreaterThan(shares[i - 2]);
        }
    }

    @Test
    void withoutSlowStartANewEndpointGetsWhatTwoRandomChoicesGiveIt() {
        double[] shares = sharesOfANewEndpoint(Duration.ZERO, 1, 12_000);

        assertThat(shares[0]).isBetween(1.7 * FAIR, 2.3 * FAIR);
    }

    @Test
    void afterItsSlowStartANewEndpointCatchesUpUntilAllHaveTheSame() {
        Bench bench = new Bench();
        EndpointSelector selector =
                bench.selector(Bench.rule().backends(Bench.backends(1)).loadBalancing(Bench.leastConnections(RAMP)));
        bench.ready("b0", "a", "b");
        hold(selector, 200);
        bench.ready("b0", "a", "b", "c");
        bench.clock.advance(RAMP);

        hold(selector, 300);

        assertThat(bench.balancing.live(key("c"))).isBetween(150, 180);
        assertThat(availability(bench, "c")).isEqualTo(new Availability.Ready());
    }

    @Test
    void theEndpointsThatABackendIsFirstKnownWithAreNotNew() {
        Bench bench = new Bench().ready("b0", "a", "b");

        assertThat(availability(bench, "a")).isEqualTo(new Availability.Ready());
    }

    @Test
    void anEndpointThatBecomesReadyAgainIsNew() {
        Bench bench = new Bench().ready("b0", "a", "b");
        bench.endpoints("b0", ready("a"), notReady("b"));
        assertThat(bench.balancing
                        .status(Bench.source("b0"), notReady("b"), RAMP)
                        .availability())
                .isEqualTo(new Availability.NotReady());

        bench.ready("b0", "a", "b");
        bench.clock.advance(Duration.ofSeconds(10));

        assertThat(availability(bench, "a")).isEqualTo(new Availability.Ready());
        assertThat(availability(bench, "b")).isEqualTo(new Availability.SlowStart(Duration.ofSeconds(20)));
    }

    @Test
    void aChangeOfOtherEndpointsDoesNotRestartTheSlowStart() {
        Bench bench = new Bench().ready("b0", "a");
        bench.ready("b0", "a", "b");
        bench.clock.advance(Duration.ofSeconds(10));

        bench.ready("b0", "a", "b", "c");

        assertThat(availability(bench, "b")).isEqualTo(new Availability.SlowStart(Duration.ofSeconds(20)));
        assertThat(availability(bench, "c")).isEqualTo(new Availability.SlowStart(RAMP));
    }

    @Test
    void whereAllEndpointsAreNewTheyShareEverything() {
        Bench bench = new Bench().ready("b0");
        EndpointSelector selector =
                bench.selector(Bench.rule().backends(Bench.backends(1)).loadBalancing(Bench.leastConnections(RAMP)));

        bench.ready("b0", "a", "b");
        hold(selector, 100);

        assertThat(bench.balancing.live(key("a"))).isEqualTo(50);
    }

    private static Availability availability(Bench bench, String id) {
        return bench.balancing.status(Bench.source("b0"), ready(id), RAMP).availability();
    }

    private static void hold(EndpointSelector selector, int connections) {
        for (int i = 0; i < connections; i++) {
            Bench.lease(selector, Bench.request());
        }
    }

    /** The endpoint's share of new connections in each tenth of the slow start, with {@code connections} per tenth. */
    private static double[] sharesOfANewEndpoint(Duration slowStart, int tenths, int connections) {
        List<Bench> proxies = new ArrayList<>();
        List<EndpointSelector> selectors = new ArrayList<>();
        Endpoint[] old =
                IntStream.range(0, OLD).mapToObj(i -> ready("old-" + i)).toArray(Endpoint[]::new);
        for (int i = 0; i < PROXIES; i++) {
            Bench bench = new Bench(i);
            bench.endpoints("b0", old);
            EndpointSelector selector = bench.selector(
                    Bench.rule().backends(Bench.backends(1)).loadBalancing(Bench.leastConnections(slowStart)));
            hold(selector, OLD * 400);
            bench.endpoints(
                    "b0",
                    Stream.concat(Stream.of(old), Stream.of(TestEndpoints.ready("new")))
                            .toArray(Endpoint[]::new));
            proxies.add(bench);
            selectors.add(selector);
        }
        double[] shares = new double[tenths];
        for (int tenth = 0; tenth < tenths; tenth++) {
            int before = live(proxies);
            for (int i = 0; i < connections; i++) {
                Bench.lease(selectors.get(i % PROXIES), Bench.request());
                if (i % PROXIES == PROXIES - 1) {
                    Duration step = RAMP.dividedBy(10L * connections / PROXIES);
                    proxies.forEach(proxy -> proxy.clock.advance(step));
                }
            }
            shares[tenth] = (double) (live(proxies) - before) / connections;
        }
        return shares;
    }

    private static int live(List<Bench> proxies) {
        return proxies.stream()
                .mapToInt(proxy -> proxy.balancing.live(key("new")))
                .sum();
    }
}
