// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.inZone;
import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static dev.wsroute.proxy.testkit.TestEndpoints.terminating;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.config.RuleConfig.LoadBalancing.Topology;
import dev.wsroute.config.RuleConfig.LoadBalancing.Type;
import dev.wsroute.config.RuleConfigBuilder;
import dev.wsroute.config.SessionPersistence;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.session.SessionCookieKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules with {@code topology: PreferSameZone} on a proxy in zone {@code here}. */
class ZonePreferenceTest {

    private static final int MANY = 1_000;

    private final Bench bench = new Bench();
    private final EndpointSelector selector = bench.selector(rule(Type.LeastConnections, Duration.ZERO));

    /**
     * With e = here / (here + there) of the endpoints and p of the proxies: all stay while p is at most 1.25 e, and e/p beyond
     * that. The counts are exact but for the random start of the sequence.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0.0, 1000",
        "1, 1, 0.5, 1000",
        "1, 1, 0.625, 1000",
        "1, 1, 0.63, 794",
        "1, 1, 1.0, 500",
        "2, 3, 0.5, 1000",
        "1, 2, 0.5, 667",
        "2, 4, 0.333, 1000",
        "1, 9, 1.0, 100",
        "9, 1, 1.0, 1000",
        "7, 3, 1.0, 700",
    })
    void whatTheZoneCannotTakeGoesToOthers(int here, int there, double proxies, int stay) {
        bench.endpoints("b0", zones(here, there));
        bench.balancing.zone(new OwnZone("here", proxies));

        Map<String, Integer> targets = Bench.targets(selector, MANY);

        assertThat(sum(targets, "here")).isCloseTo(stay, within(stay == MANY ? 0 : 3));
        assertThat(sum(targets, "here") + sum(targets, "there")).isEqualTo(MANY);
    }

    @Test
    void anyShortRunHasItsShare() {
        bench.endpoints("b0", zones(1, 1));
        bench.balancing.zone(new OwnZone("here", 1));

        for (int i = 0; i < 50; i++) {
            assertThat(sum(Bench.targets(selector, 20), "here")).isBetween(8, 12);
        }
    }

    @Test
    void aRuleWithoutTopologyKnowsNoZones() {
        EndpointSelector plain = bench.selector(
                Bench.rule().backends(Bench.backends(1)).loadBalancing(Bench.leastConnections(Duration.ZERO)));
        bench.endpoints("b0", zones(1, 3));
        bench.balancing.zone(new OwnZone("here", 0));

        for (int i = 0; i < 100; i++) {
            Bench.lease(plain, Bench.request()).opened();
        }

        assertThat(bench.balancing.live(key("here0"))).isEqualTo(25);
        assertThat(bench.opened).isEmpty();
    }

    @Test
    void hintsDecideIfEveryEndpointHasSome() {
        bench.endpoints(
                "b0", inZone("a", "there", "here"), inZone("b", "here", "there"), inZone("c", "x", "here", "x"));
        bench.balancing.zone(new OwnZone("here", 0));

        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("a", "c");
    }

    @Test
    void zonesDecideIfAnEndpointHasNoHint() {
        bench.endpoints("b0", inZone("a", "there", "here"), inZone("b", "here", "there"), inZone("c", "there"));
        bench.balancing.zone(new OwnZone("here", 0));

        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("b");
    }

    @Test
    void anEndpointThatIsLeavingNeedsNoHint() {
        bench.endpoints("b0", inZone("a", "there", "here"), inZone("b", "here", "there"), terminating("c", true));
        bench.balancing.zone(new OwnZone("here", 0));

        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("a");
    }

    @Test
    void withoutAnEndpointForTheZoneAllServe() {
        bench.balancing.zone(new OwnZone("here", 1));

        bench.endpoints("b0", inZone("a", "x"), inZone("b", "there"));
        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("a", "b");
        bench.endpoints("b0", inZone("a", "here", "x"), inZone("b", "there", "there"));
        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("a", "b");
    }

    @Test
    void endpointsWithoutZonesServeAsEver() {
        bench.ready("b0", "a", "b");
        bench.balancing.zone(new OwnZone("here", 0));

        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("a", "b");
        Bench.lease(selector, Bench.request()).opened();
        assertThat(bench.opened).containsExactly("b0 UNKNOWN");
    }

    @Test
    void aProxyThatDoesNotKnowItsZonePrefersNone() {
        bench.endpoints("b0", zones(1, 1));

        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("here0", "there0");
        bench.balancing.zone(new OwnZone("here", 0));
        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("here0");
        bench.balancing.zone(OwnZone.UNKNOWN);
        assertThat(Bench.targets(selector, 100)).containsOnlyKeys("here0", "there0");
    }

    @Test
    void backendsOfALaterDocumentKnowTheZone() {
        bench.balancing.zone(new OwnZone("here", 0));
        EndpointSelector later = bench.selector(rule(Type.RoundRobin, Duration.ZERO));
        bench.endpoints("b0", zones(1, 2));

        assertThat(Bench.targets(later, 100)).containsOnlyKeys("here0");
    }

    @Test
    void changedZonesCountForNewConnectionsAndOpenOnesStay() {
        bench.endpoints("b0", zones(1, 1));
        bench.balancing.zone(new OwnZone("here", 0));
        EndpointLease held = Bench.lease(selector, Bench.request());

        bench.endpoints("b0", inZone("here0", "there"), inZone("there0", "here"));

        assertThat(Bench.targets(selector, 10)).containsOnlyKeys("there0");
        assertThat(bench.balancing.live(key("here0"))).isEqualTo(1);
        held.release();
        assertThat(bench.balancing.live(key("here0"))).isZero();
    }

    @Test
    void eachBackendHasItsWeightAndPrefersItsOwnEndpointsOfTheZone() {
        EndpointSelector two =
                bench.selector(rule(Type.RoundRobin, Duration.ZERO).backends(Bench.backends(3, 1)));
        bench.endpoints("b0", inZone("a", "here"), inZone("b", "there"));
        bench.endpoints("b1", inZone("c", "here"), inZone("d", "there"), inZone("e", "here"));
        bench.balancing.zone(new OwnZone("here", 0.5));

        Map<String, Integer> targets = Bench.targets(two, MANY);

        assertThat(targets).containsOnlyKeys("a", "c", "e");
        assertThat(targets.get("a")).isCloseTo(750, within(3));
        assertThat(targets.get("c")).isCloseTo(targets.get("e"), within(1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Type.class,
            names = {"LeastConnections", "RoundRobin"})
    void endpointsOfTheZoneAreEven(Type type) {
        EndpointSelector even = bench.selector(rule(type, Duration.ZERO));
        bench.endpoints("b0", zones(2, 2));
        bench.balancing.zone(new OwnZone("here", 1));

        for (int i = 0; i < 400; i++) {
            Bench.lease(even, Bench.request());
        }

        for (String id : List.of("here0", "here1", "there0", "there1")) {
            assertThat(bench.balancing.live(key(id))).as(id).isCloseTo(100, within(3));
        }
    }

    @Test
    void ifThoseOfTheZoneAreEjectedOthersServe() {
        bench.endpoints("b0", zones(1, 1));
        bench.balancing.zone(new OwnZone("here", 0.5));
        eject("here0");

        assertThat(Bench.targets(selector, 20)).containsOnlyKeys("there0");
        bench.clock.advance(Duration.ofSeconds(5));
        assertThat(Bench.targets(selector, 20)).containsOnlyKeys("here0");
    }

    @Test
    void anEjectedEndpointOfTheZoneIsNoRoom() {
        bench.endpoints("b0", zones(2, 2));
        bench.balancing.zone(new OwnZone("here", 0.5));
        eject("here0");

        Map<String, Integer> targets = Bench.targets(selector, MANY);

        // One of three endpoints is here, and half of the proxies.
        assertThat(targets.get("here1")).isCloseTo(667, within(3));
        assertThat(targets).doesNotContainKey("here0");
    }

    @Test
    void afterAFailureTheZoneIsTriedFirstAndThenOthers() {
        bench.endpoints("b0", zones(2, 2));
        bench.balancing.zone(new OwnZone("here", 1));

        for (int i = 0; i < 20; i++) {
            Set<EndpointKey> tried = new HashSet<>(Set.of(key("there0")));
            List<String> order = new ArrayList<>();
            for (EndpointLease next = selector.select(Bench.request(), tried);
                    next != null;
                    next = selector.select(Bench.request(), tried)) {
                next.release();
                tried.add(next.endpoint().key());
                order.add(next.endpoint().key().id());
            }
            assertThat(order.subList(0, 2)).containsExactlyInAnyOrder("here0", "here1");
            assertThat(order.subList(2, 3)).containsExactly("there1");
        }
    }

    @Test
    void theFirstNewEndpointOfTheZoneStartsSlowly() {
        EndpointSelector slow = bench.selector(rule(Type.LeastConnections, Duration.ofSeconds(100)));
        bench.balancing.zone(new OwnZone("here", 0.25));
        bench.endpoints("b0", zones(0, 3));
        bench.endpoints("b0", zones(1, 3));

        assertThat(sum(Bench.targets(slow, MANY), "here")).isCloseTo(100, within(3));
        assertThat(bench.balancing.ownZonePercent(Bench.source("b0"), Duration.ofSeconds(100)))
                .isEqualTo(10);
        bench.clock.advance(Duration.ofSeconds(50));
        assertThat(sum(Bench.targets(slow, MANY), "here")).isCloseTo(550, within(3));
        bench.clock.advance(Duration.ofSeconds(50));
        assertThat(sum(Bench.targets(slow, MANY), "here")).isEqualTo(MANY);
    }

    @Test
    void oneOfSeveralInTheZoneStartsSlowlyBesideThem() {
        EndpointSelector slow = bench.selector(rule(Type.LeastConnections, Duration.ofSeconds(100)));
        bench.balancing.zone(new OwnZone("here", 0.25));
        bench.endpoints("b0", zones(1, 2));
        bench.endpoints("b0", zones(2, 2));

        Map<String, Integer> targets = Bench.targets(slow, MANY);

        assertThat(targets).containsOnlyKeys("here0", "here1");
        assertThat(targets.get("here1")).isCloseTo(50, within(3));
    }

    @Test
    void aSessionStaysWithItsPodInAnotherZone() {
        bench.balancing.sessionKey(SessionCookieKey.random());
        EndpointSelector sticky = bench.selector(
                rule(Type.LeastConnections, Duration.ZERO).sessionPersistence(SessionPersistence.of("wsroute", null)));
        bench.endpoints("b0", inZone("a", "there"));
        String cookie = Objects.requireNonNull(
                        Bench.lease(sticky, Bench.request()).setCookie())
                .replaceFirst(";.*", "");
        bench.endpoints("b0", inZone("a", "there"), inZone("b", "here"));
        bench.balancing.zone(new OwnZone("here", 0));

        assertThat(Bench.target(sticky, Bench.request())).isEqualTo("b");
        assertThat(Bench.target(
                        sticky, Bench.request().withCookies(Map.of("wsroute", cookie.substring("wsroute=".length())))))
                .isEqualTo("a");
    }

    @Test
    void whatWasOpenedIsCountedByZone() {
        bench.endpoints("b0", inZone("a", "here", "there"), inZone("b", "there", "here"));
        bench.balancing.zone(new OwnZone("here", 0));

        Bench.lease(selector, Bench.request()).opened();
        bench.endpoints("b0", inZone("a", "here"), inZone("b", "there"));
        Bench.lease(selector, Bench.request()).opened();
        bench.endpoints("b0", ready("c"));
        Bench.lease(selector, Bench.request()).opened();

        assertThat(bench.opened).containsExactly("b0 OTHER", "b0 SAME", "b0 UNKNOWN");
    }

    @Test
    void nobodyLeavesTheZoneWhileEndpointsAreReplaced() throws Exception {
        bench.balancing.zone(new OwnZone("here", 0));
        bench.endpoints("b0", zones(1, 1));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        AtomicBoolean over = new AtomicBoolean();
        try {
            List<Future<Integer>> elsewhere = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                elsewhere.add(threads.submit(() -> {
                    int left = 0;
                    while (!over.get()) {
                        left += Bench.target(selector, Bench.request()).startsWith("there") ? 1 : 0;
                    }
                    return left;
                }));
            }
            for (int i = 0; i < 2_000; i++) {
                // Endpoints of the zone and others change places in the order of the pool.
                bench.endpoints("b0", inZone("x", "here"), inZone("there" + i % 7, "there"));
                bench.endpoints(
                        "b0", inZone("here" + i % 5, "here"), inZone("there", "there"), inZone("there9", "there"));
            }
            over.set(true);
            for (Future<Integer> left : elsewhere) {
                assertThat(left.get()).isZero();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private void eject(String id) {
        Set<EndpointKey> others = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            others.addAll(Set.of(key("here" + i), key("there" + i)));
        }
        others.remove(key(id));
        for (int i = 0; i < 3; i++) {
            EndpointLease lease = Objects.requireNonNull(selector.select(Bench.request(), others));
            lease.connectFailed();
            lease.release();
        }
        assertThat(bench.ejections).hasSize(1);
    }

    private static RuleConfigBuilder rule(Type type, Duration slowStart) {
        return Bench.rule()
                .backends(Bench.backends(1))
                .loadBalancing(new LoadBalancing(type, slowStart, null, null, Topology.PreferSameZone));
    }

    /** {@code here0}, {@code here1} and so on, and the same elsewhere. */
    private static Endpoint[] zones(int here, int there) {
        List<Endpoint> endpoints = new ArrayList<>();
        IntStream.range(0, here).forEach(i -> endpoints.add(inZone("here" + i, "here")));
        IntStream.range(0, there).forEach(i -> endpoints.add(inZone("there" + i, "there")));
        return endpoints.toArray(Endpoint[]::new);
    }

    private static int sum(Map<String, Integer> targets, String zone) {
        return targets.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(zone))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
