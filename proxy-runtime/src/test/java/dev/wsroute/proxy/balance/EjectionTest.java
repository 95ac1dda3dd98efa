// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static dev.wsroute.proxy.testkit.TestEndpoints.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConsistentHash;
import dev.wsroute.proxy.balance.EndpointStatus.Availability;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.TestEndpoints;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EjectionTest {

    private final Bench bench = new Bench();
    private final EndpointSelector selector = bench.selector(Bench.rule().backends(Bench.backends(1)));

    @Test
    void threeFailuresInARowLeaveAnEndpointOutForFiveSeconds() {
        bench.ready("b0", "a", "b", "c");

        fail("a", 2);
        assertThat(Bench.targets(selector, 300)).containsKey("a");
        fail("a", 1);

        assertThat(bench.ejections).containsExactly("a of b0 for 5 s");
        assertThat(Bench.targets(selector, 300)).containsOnlyKeys("b", "c");
        assertThat(bench.balancing.ejected("r", "b0")).isEqualTo(1);
        assertThat(status("a")).isEqualTo(new EndpointStatus(new Availability.Ejected(Duration.ofSeconds(5)), 0, 3));
        bench.clock.advance(Duration.ofSeconds(5));
        assertThat(Bench.targets(selector, 300)).containsKey("a");
        assertThat(bench.balancing.ejected("r", "b0")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "upgrade", "vanish"})
    void eachKindOfFailureCounts(String kind) {
        bench.ready("b0", "a", "b");
        Consumer<EndpointLease> failure =
                switch (kind) {
                    case "connect" -> EndpointLease::connectFailed;
                    case "upgrade" -> EndpointLease::upgradeFailed;
                    default ->
                        lease -> {
                            lease.opened();
                            bench.clock.advance(Duration.ofMillis(990));
                            lease.backendLost();
                        };
                };

        for (int client = 1; client <= 3; client++) {
            use("a", Bench.request().from(client("203.0.113." + client)), failure);
        }

        assertThat(bench.ejections).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"upgrade", "vanish"})
    void whatAClientMayHaveCausedCountsOnceForEachClient(String kind) {
        bench.ready("b0", "a", "b");
        Consumer<EndpointLease> failure = kind.equals("upgrade")
                ? EndpointLease::upgradeFailed
                : lease -> {
                    lease.opened();
                    lease.backendLost();
                };

        for (int i = 0; i < 50; i++) {
            use("a", Bench.request().from(client("203.0.113.1")), failure);
            use("a", Bench.request().from(client("2001:db8::" + i)), failure);
        }
        assertThat(bench.ejections).isEmpty();
        assertThat(status("a").failures()).isEqualTo(2);
        use("a", Bench.request().from(client("2001:db8:0:1::")), failure);

        assertThat(bench.ejections).containsExactly("a of b0 for 5 s");
    }

    @Test
    void oneClientAddsNothingToConnectionsThatFailed() {
        bench.ready("b0", "a", "b");

        fail("a", 2);
        fail("a", 9, EndpointLease::upgradeFailed);
        assertThat(bench.ejections).isEmpty();
        use("a", Bench.request().from(client("203.0.113.1")), EndpointLease::upgradeFailed);

        assertThat(bench.ejections).hasSize(1);
    }

    @Test
    void theNextEjectionNeedsNewFailuresAndLastsTwiceAsLong() {
        bench.ready("b0", "a", "b");
        for (int round = 0; round < 2; round++) {
            for (int client = 1; client <= 3; client++) {
                fail("a", 5, lease -> {});
                use("a", Bench.request().from(client("203.0.113." + client)), EndpointLease::upgradeFailed);
            }
            bench.clock.advance(Duration.ofMinutes(1));
            fail("a", 5, EndpointLease::upgradeFailed);
        }

        assertThat(bench.ejections).containsExactly("a of b0 for 5 s", "a of b0 for 10 s");
    }

    @Test
    void aClientThatFailsAgainAndAgainKeepsNoSuccessFromCounting() {
        bench.ready("b0", "a", "b");
        fail("a", 2);
        fail("a", 1, EndpointLease::upgradeFailed);

        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofMillis(900));
        fail("a", 1, EndpointLease::upgradeFailed);
        bench.clock.advance(Duration.ofMillis(100));

        assertThat(status("a").failures()).isZero();
    }

    @Test
    void aBackendThatVanishesLaterIsNoFailure() {
        bench.ready("b0", "a", "b");

        fail("a", 6, lease -> {
            lease.opened();
            bench.clock.advance(Duration.ofSeconds(1));
            lease.backendLost();
        });

        assertThat(bench.ejections).isEmpty();
    }

    @Test
    void aWebsocketThatHoldsForASecondEndsTheCountAndOneThatDoesNotDoesNot() {
        bench.ready("b0", "a", "b");
        fail("a", 2);

        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofSeconds(1));
        assertThat(status("a").failures()).isZero();
        fail("a", 2);
        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofMillis(500));
        assertThat(bench.ejections).isEmpty();
        fail("a", 1);

        assertThat(bench.ejections).hasSize(1);
    }

    @Test
    void anAnswerEndsTheCountButNotThatOfAGatewayInFrontOfTheBackend() {
        bench.ready("b0", "a", "b");

        fail("a", 2);
        use("a", lease -> lease.answered(401));
        fail("a", 2);
        use("a", lease -> lease.answered(503));
        assertThat(bench.ejections).isEmpty();
        fail("a", 1);

        assertThat(bench.ejections).hasSize(1);
    }

    @Test
    void anEndpointThatFailsAgainIsLeftOutTwiceAsLongAtOnceUpToFiveMinutes() {
        bench.ready("b0", "a", "b");
        fail("a", 3);

        for (int i = 0; i < 8; i++) {
            bench.clock.advance(Duration.ofMinutes(5));
            fail("a", 1);
        }

        assertThat(bench.ejections)
                .containsExactly(
                        "a of b0 for 5 s",
                        "a of b0 for 10 s",
                        "a of b0 for 20 s",
                        "a of b0 for 40 s",
                        "a of b0 for 80 s",
                        "a of b0 for 160 s",
                        "a of b0 for 300 s",
                        "a of b0 for 300 s",
                        "a of b0 for 300 s");
        bench.clock.advance(Duration.ofMinutes(5));
        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofSeconds(1));
        fail("a", 3);
        assertThat(bench.ejections).endsWith("a of b0 for 5 s");
    }

    @Test
    void whatFailsWhileItIsLeftOutDoesNotLengthenIt() {
        bench.ready("b0", "a", "b");
        EndpointLease late = leaseOf("a");
        fail("a", 3);

        late.connectFailed();
        bench.clock.advance(Duration.ofSeconds(5));

        assertThat(status("a").availability()).isEqualTo(new Availability.Ready());
        assertThat(bench.ejections).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void atMostHalfOfABackendIsLeftOut(int size) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ids.add("e" + i);
        }
        bench.ready("b0", ids.toArray(String[]::new));

        ids.forEach(id -> fail(id, 5));

        assertThat(bench.ejections).hasSize(size / 2);
        assertThat(bench.balancing.ejected("r", "b0")).isEqualTo(size / 2);
        assertThat(Bench.targets(selector, 500)).hasSize(size - size / 2);
    }

    @Test
    void atMostHalfIsLeftOutWhenManyThreadsSeeFailuresAtATime() throws Exception {
        for (int round = 0; round < 50; round++) {
            Bench many = new Bench().ready("b0", "a", "b", "c", "d");
            EndpointSelector choice = many.selector(Bench.rule().backends(Bench.backends(1)));
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<Void>> work = new ArrayList<>();
                for (String id : List.of("a", "b", "c", "d")) {
                    EndpointLease lease = leaseOf(choice, Bench.request(), id);
                    work.add(() -> {
                        for (int i = 0; i < 10; i++) {
                            lease.connectFailed();
                        }
                        return null;
                    });
                }
                for (Future<Void> done : threads.invokeAll(work)) {
                    done.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(many.balancing.ejected("r", "b0")).isBetween(1, 2);
        }
    }

    @Test
    void whereOnlyThoseThatFailedAreLeftTheyAreTried() {
        bench.ready("b0", "a", "b");
        fail("a", 3);

        bench.endpoints("b0", ready("a"), terminating("b", true));

        assertThat(Bench.targets(selector, 10)).containsOnlyKeys("a");
        bench.ready("b0", "a", "b");
        EndpointLease again = selector.select(Bench.request(), Set.of(key("b")));
        assertThat(Objects.requireNonNull(again).endpoint().key()).isEqualTo(key("a"));
    }

    @Test
    void anotherBackendIsTriedBeforeAnEndpointThatIsLeftOut() {
        EndpointSelector two = bench.selector(Bench.rule().backends(Bench.backends(1, 1)));
        bench.ready("b0", "a", "b").ready("b1", "c");
        fail("a", 3);

        Set<EndpointKey> tried = new HashSet<>(Set.of(key("b")));
        for (int i = 0; i < 20; i++) {
            EndpointLease lease = Objects.requireNonNull(two.select(Bench.request(), tried));
            assertThat(lease.endpoint().key()).isEqualTo(key("c"));
        }
    }

    @Test
    void keysOfAnEndpointThatIsLeftOutGoToTheirNextOneAndComeBack() {
        EndpointSelector hashed = bench.selector(Bench.rule()
                .backends(Bench.backends(1))
                .loadBalancing(Bench.hash(ConsistentHash.Type.Header, "x-user")));
        bench.ready("b0", "a", "b", "c");
        var request = Bench.request().withHeaders(Map.of("x-user", "alice"));
        String first = Bench.target(hashed, request);
        fail(first, 3);

        String next = Bench.target(hashed, request);
        bench.clock.advance(Duration.ofSeconds(5));

        assertThat(next).isNotEqualTo(first);
        assertThat(Bench.target(hashed, request)).isEqualTo(first);
    }

    @Test
    void aStatusContainsConnectionsAndFailures() {
        bench.ready("b0", "a", "b");
        leaseOf("a");
        fail("a", 1);

        assertThat(status("a")).isEqualTo(new EndpointStatus(new Availability.Ready(), 1, 1));
        assertThat(bench.balancing
                        .status(Bench.source("b0"), TestEndpoints.terminating("a", true), Duration.ZERO)
                        .availability())
                .isEqualTo(new Availability.Terminating());
    }

    private EndpointStatus status(String id) {
        return bench.balancing.status(Bench.source("b0"), ready(id), Duration.ofSeconds(30));
    }

    private void fail(String id, int times) {
        fail(id, times, EndpointLease::connectFailed);
    }

    private void fail(String id, int times, Consumer<EndpointLease> failure) {
        for (int i = 0; i < times; i++) {
            use(id, failure);
        }
    }

    private static InetAddress client(String address) {
        return NetUtil.createInetAddressFromIpAddressString(address);
    }

    private void use(String id, Consumer<EndpointLease> what) {
        use(id, Bench.request(), what);
    }

    private void use(String id, Facts request, Consumer<EndpointLease> what) {
        EndpointLease lease = leaseOf(selector, request, id);
        what.accept(lease);
        lease.release();
    }

    private EndpointLease leaseOf(String id) {
        return leaseOf(selector, Bench.request(), id);
    }

    /** Tries all others first, which fails for none of them. */
    private static EndpointLease leaseOf(EndpointSelector selector, Facts request, String id) {
        Set<EndpointKey> others = new HashSet<>();
        while (true) {
            EndpointLease lease = Objects.requireNonNull(selector.select(request, others));
            if (lease.endpoint().key().id().equals(id)) {
                return lease;
            }
            lease.release();
            others.add(lease.endpoint().key());
        }
    }
}
