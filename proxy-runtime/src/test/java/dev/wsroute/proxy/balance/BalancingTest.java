// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.Documents.listed;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static dev.wsroute.proxy.testkit.TestEndpoints.notReady;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static dev.wsroute.proxy.testkit.TestEndpoints.terminating;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing.Type;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.Facts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BalancingTest {

    private final Balancing balancing = new Balancing((route, backend, endpoint, time) -> {});

    @Test
    void roundRobinTakesOneAfterAnother() {
        EndpointSelector selector = selector(Type.RoundRobin, ready("a"), ready("b"), ready("c"));

        assertThat(endpoints(selector, 300)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 100, "b", 100, "c", 100));
    }

    @Test
    void ofTwoEndpointsTheOneWithFewerConnectionsIsSelected() {
        EndpointSelector selector = selector(Type.LeastConnections, ready("a"), ready("b"));
        for (int i = 0; i < 100; i++) {
            lease(selector);
        }

        assertThat(balancing.live(key("a"))).isEqualTo(50);
        assertThat(balancing.live(key("b"))).isEqualTo(50);
    }

    @Test
    void weightsAreKeptToTheConnection() {
        EndpointSelector selector = weighted(90, 10);
        endpoints("one", ready("a"));
        endpoints("two", ready("b"));

        assertThat((double) endpoints(selector, 10_000).get("b")).isCloseTo(1_000, within(10.0));
    }

    @Test
    void aHundredConnectionsAreSplitAsTheWeightsSay() {
        EndpointSelector selector = weighted(3, 1);
        endpoints("one", ready("a"));
        endpoints("two", ready("b"));

        assertThat(endpoints(selector, 100).get("b")).isBetween(23, 27);
    }

    @Test
    void weightZeroGetsNoNewConnections() {
        EndpointSelector selector = weighted(1, 0);
        endpoints("one", ready("a"));
        endpoints("two", ready("b"));

        assertThat(endpoints(selector, 100)).containsOnlyKeys("a");
    }

    @Test
    void aBackendWithoutEndpointsGivesItsShareToTheOthers() {
        EndpointSelector selector = weighted(90, 10);
        endpoints("two", ready("b"));

        assertThat(endpoints(selector, 100)).containsExactlyEntriesOf(Map.of("b", 100));
    }

    @ParameterizedTest
    @EnumSource(Type.class)
    void anEndpointThatFailedIsNotTriedAgainAndThenTheOtherBackendIs(Type type) {
        EndpointSelector selector = balancing.selector(
                "r", rule("all", List.of(), type, Duration.ZERO, listed("one", 1), listed("two", 1)));
        endpoints("one", ready("a"), ready("b"));
        endpoints("two", ready("c"));

        Set<EndpointKey> tried = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            EndpointLease lease = Objects.requireNonNull(selector.select(new Facts("a", "/"), tried));
            lease.connectFailed();
            lease.release();
            assertThat(tried.add(lease.endpoint().key())).isTrue();
        }

        assertThat(tried).containsExactlyInAnyOrder(key("a"), key("b"), key("c"));
        assertThat(selector.select(new Facts("a", "/"), tried)).isNull();
    }

    @Test
    void newConnectionsGoToReadyEndpointsThatStay() {
        EndpointSelector selector = selector(
                Type.RoundRobin,
                ready("ready"),
                notReady("starting"),
                terminating("leaving", true),
                terminating("gone", false));

        assertThat(endpoints(selector, 10)).containsOnlyKeys("ready");
    }

    @Test
    void ifEveryEndpointIsTerminatingThoseStillServingAreSelected() {
        EndpointSelector selector = selector(Type.RoundRobin, terminating("serving", true), terminating("gone", false));

        assertThat(endpoints(selector, 10)).containsOnlyKeys("serving");
    }

    @Test
    void anEndpointThatIsNotReadyIsNoReasonToGoToATerminatingOne() {
        EndpointSelector selector = selector(Type.RoundRobin, notReady("starting"), terminating("serving", true));

        assertThat(selector.select(new Facts("a", "/"), Set.of())).isNull();
    }

    @Test
    void noBackendAtAllMeansNoEndpoint() {
        assertThat(balancing.selector("r", rule("all", List.of())).select(new Facts("a", "/"), Set.of()))
                .isNull();
    }

    @Test
    void aLeaseCountsUntilItIsReleasedAndOnlyOnce() {
        EndpointSelector selector = selector(Type.RoundRobin, ready("a"));
        EndpointLease lease = lease(selector);
        lease(selector);
        assertThat(lease.backend()).isEqualTo("one");

        lease.release();
        lease.release();

        assertThat(balancing.live(key("a"))).isEqualTo(1);
    }

    @Test
    void liveCountsSurviveAnEditOfTheRuleAndAGapOfTheEndpoint() {
        EndpointSelector before = selector(Type.LeastConnections, ready("a"), ready("b"));
        for (int i = 0; i < 10; i++) {
            lease(before);
        }
        endpoints("one", ready("b"));
        balancing.retain(Set.of(source("one")), Set.of("r"));
        endpoints("one", ready("a"), ready("b"), ready("c"));

        EndpointSelector after =
                balancing.selector("r", rule("renamed", List.of(), Type.RoundRobin, Duration.ZERO, listed("one", 5)));

        assertThat(after).isNotSameAs(before);
        assertThat(balancing.live(key("a"))).isEqualTo(5);
    }

    @Test
    void churnDoesNotPileUpEndpoints() {
        EndpointSelector selector = selector(Type.RoundRobin, ready("a"));
        EndpointLease held = lease(selector);
        endpoints("one", ready("b"));
        balancing.retain(Set.of(source("one")), Set.of("r"));
        assertThat(balancing.live(key("a"))).isEqualTo(1);

        held.release();
        balancing.retain(Set.of(source("one")), Set.of("r"));

        assertThat(balancing.known()).containsExactly(key("b"));
    }

    @Test
    void countsStayTrueWhenManyThreadsChooseAndRelease() throws Exception {
        EndpointSelector selector = selector(Type.LeastConnections, ready("a"), ready("b"), ready("c"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> work = () -> {
                List<EndpointLease> held = new ArrayList<>();
                for (int i = 0; i < 5_000; i++) {
                    held.add(lease(selector));
                }
                held.forEach(EndpointLease::release);
                return null;
            };
            for (Future<Void> done : threads.invokeAll(List.of(work, work, work, work))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(List.of(balancing.live(key("a")), balancing.live(key("b")), balancing.live(key("c"))))
                .containsOnly(0);
    }

    private EndpointSelector selector(Type type, Endpoint... endpoints) {
        RuleConfig rule = rule("all", List.of(), type, Duration.ZERO, listed("one", 1));
        endpoints("one", endpoints);
        return balancing.selector("r", rule);
    }

    private EndpointSelector weighted(int one, int two) {
        return balancing.selector("r", rule("all", List.of(), listed("one", one), listed("two", two)));
    }

    private void endpoints(String backend, Endpoint... endpoints) {
        balancing.changed(source(backend), EndpointSet.of(List.of(endpoints)));
    }

    private static SourceKey source(String backend) {
        return new SourceKey.Listed("r", "all", backend);
    }

    private static EndpointLease lease(EndpointSelector selector) {
        return Objects.requireNonNull(selector.select(new Facts("a", "/"), Set.of()));
    }

    private static Map<String, Integer> endpoints(EndpointSelector selector, int connections) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < connections; i++) {
            EndpointLease lease = lease(selector);
            counts.merge(lease.endpoint().key().id(), 1, Integer::sum);
            lease.release();
        }
        return counts;
    }
}
