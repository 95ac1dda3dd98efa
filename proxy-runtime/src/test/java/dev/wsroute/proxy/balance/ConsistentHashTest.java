// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConsistentHash.Type;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.routing.RequestFacts;
import dev.wsroute.proxy.testkit.Facts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashTest {

    private static final int KEYS = 10_000;
    private static final LoadBalancing BY_USER = Bench.hash(Type.Header, "x-user");

    private final Bench bench = new Bench();

    @ParameterizedTest
    @EnumSource(Type.class)
    void equalKeysGoToTheSameEndpointAndOthersElsewhere(Type type) throws Exception {
        EndpointSelector selector =
                selector(Bench.hash(type, type == Type.ClientIP || type == Type.Subject ? null : "user"), 1);
        bench.ready("b0", ids(8));

        Set<String> targets = new HashSet<>();
        for (int user = 0; user < 100; user++) {
            RequestFacts request = request(type, user);
            String target = Bench.target(selector, request);
            assertThat(Bench.target(selector, request)).isEqualTo(target);
            targets.add(target);
        }

        assertThat(targets).containsExactlyInAnyOrder(ids(8));
    }

    @Test
    void theWholeOfAnIpv6AddressCounts() throws Exception {
        EndpointSelector selector = selector(Bench.hash(Type.ClientIP, null), 1);
        bench.ready("b0", ids(8));

        Set<String> targets = new HashSet<>();
        for (int host = 1; host < 100; host++) {
            targets.add(Bench.target(selector, Bench.request().from(InetAddress.getByName("2001:db8::" + host))));
        }

        assertThat(targets).containsExactlyInAnyOrder(ids(8));
    }

    @Test
    void withoutTheKeyTheClientAddressIsHashed() throws Exception {
        EndpointSelector selector = selector(BY_USER, 1);
        EndpointSelector byAddress = selector(Bench.hash(Type.ClientIP, null), 1);
        EndpointSelector bySubject = selector(Bench.hash(Type.Subject, null), 1);
        bench.ready("b0", ids(8));

        for (int host = 1; host < 50; host++) {
            RequestFacts request = Bench.request().from(InetAddress.getByName("192.0.2." + host));
            assertThat(Bench.target(selector, request)).isEqualTo(Bench.target(byAddress, request));
            assertThat(Bench.target(bySubject, request)).isEqualTo(Bench.target(byAddress, request));
        }
    }

    @Test
    void keysAreSpreadEvenly() {
        EndpointSelector selector = selector(BY_USER, 1);
        bench.ready("b0", ids(10));

        counts(targets(selector)).values().forEach(count -> assertThat(count).isBetween(880, 1120));
    }

    @Test
    void everyProxyChoosesAlikeWhateverTheOrderItFoundTheEndpointsIn() {
        EndpointSelector selector = selector(BY_USER, 3, 2, 1);
        for (int i = 0; i < 3; i++) {
            bench.ready("b" + i, "a" + i, "b" + i);
        }
        Bench other = new Bench();
        EndpointSelector elsewhere =
                other.selector(Bench.rule().backends(Bench.backends(3, 2, 1)).loadBalancing(BY_USER));
        for (int i = 2; i >= 0; i--) {
            other.ready("b" + i, "b" + i);
            other.ready("b" + i, "b" + i, "a" + i);
        }

        assertThat(targets(elsewhere)).isEqualTo(targets(selector));
    }

    /** Another hash would move every client when the proxy is updated. */
    @Test
    void theHashStaysWhatItIs() {
        assertThat(Hashing.of("")).isEqualTo(0xEFD01F60BA992926L);
        assertThat(Hashing.of("10.0.0.1:8010")).isEqualTo(-144_597_489_074_021_827L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 9, 31})
    void oneEndpointMoreTakesItsShareOfTheKeysAndMovesNoOther(int before) {
        EndpointSelector selector = selector(BY_USER, 1);
        bench.ready("b0", ids(before));
        Map<Integer, String> was = targets(selector);

        bench.ready("b0", ids(before + 1));

        Map<Integer, String> is = targets(selector);
        long moved = is.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(was.get(entry.getKey())))
                .peek(entry -> assertThat(entry.getValue()).isEqualTo("e" + before))
                .count();
        double due = (double) KEYS / (before + 1);
        assertThat((double) moved).isBetween(0.85 * due, 1.15 * due);
    }

    @Test
    void aRemovedEndpointLosesOnlyItsOwnKeysAndRegainsThem() {
        EndpointSelector selector = selector(BY_USER, 1);
        bench.ready("b0", ids(5));
        Map<Integer, String> was = targets(selector);

        bench.ready("b0", "e0", "e1", "e3", "e4");
        Map<Integer, String> without = targets(selector);
        bench.ready("b0", ids(5));

        was.forEach((user, endpoint) -> {
            if (!endpoint.equals("e2")) {
                assertThat(without.get(user)).isEqualTo(endpoint);
            }
        });
        assertThat(counts(without).keySet()).doesNotContain("e2");
        assertThat(targets(selector)).isEqualTo(was);
    }

    @Test
    void backendsGetKeysByTheirWeightsAndAChangedWeightMovesNoMoreThanItMust() {
        EndpointSelector selector = selector(BY_USER, 90, 10);
        bench.ready("b0", "stable").ready("b1", "canary");
        Map<Integer, String> was = targets(selector);

        Map<Integer, String> is = targets(selector(BY_USER, 80, 20));

        assertThat(counts(was).get("canary")).isBetween(900, 1100);
        assertThat(counts(is).get("canary")).isBetween(1_850, 2_150);
        was.forEach((user, backend) -> {
            if (backend.equals("canary")) {
                assertThat(is.get(user)).isEqualTo("canary");
            }
        });
    }

    @Test
    void aBackendOfWeightZeroGetsNoKeyAndOneWithoutEndpointsGivesItsKeysAway() {
        EndpointSelector selector = selector(BY_USER, 1, 0, 1);
        bench.ready("b0", "a").ready("b1", "b");

        assertThat(counts(targets(selector))).containsOnlyKeys("a");
    }

    @Test
    void anEndpointWithAQuarterMoreThanTheAverageLetsKeysGoToTheirNextOne() {
        EndpointSelector selector = selector(BY_USER, 1);
        bench.ready("b0", ids(4));
        RequestFacts popular = user(7);

        for (int i = 0; i < 1_000; i++) {
            Bench.lease(selector, popular);
        }

        List<Integer> live = new ArrayList<>();
        for (String id : ids(4)) {
            live.add(bench.balancing.live(key(id)));
        }
        assertThat(live).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(313));
        assertThat(live.stream().filter(count -> count > 300)).hasSize(3);
    }

    @Test
    void theFewConnectionsOfOneClientStayTogether() {
        EndpointSelector selector = selector(BY_USER, 1);
        bench.ready("b0", ids(2));
        String target = Bench.target(selector, user(1));

        for (int i = 0; i < 16; i++) {
            assertThat(Bench.lease(selector, user(1)).endpoint().key().id()).isEqualTo(target);
        }
    }

    @Test
    void aKeyWhoseEndpointFailedUsesItsNextEndpoint() {
        EndpointSelector selector = selector(BY_USER, 1);
        bench.ready("b0", ids(3));
        EndpointLease first = Bench.lease(selector, user(3));

        EndpointLease second = selector.select(user(3), Set.of(first.endpoint().key()));
        bench.ready(
                "b0",
                Arrays.stream(ids(3))
                        .filter(id -> !id.equals(first.endpoint().key().id()))
                        .toArray(String[]::new));

        assertThat(second).isNotNull();
        assertThat(Bench.target(selector, user(3)))
                .isEqualTo(second.endpoint().key().id());
    }

    private EndpointSelector selector(LoadBalancing balancing, int... weights) {
        return bench.selector(Bench.rule().backends(Bench.backends(weights)).loadBalancing(balancing));
    }

    private static String[] ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "e" + i).toArray(String[]::new);
    }

    private static Facts user(int user) {
        return Bench.request().withHeaders(Map.of("x-user", "user-" + user));
    }

    private static RequestFacts request(Type type, int user) throws UnknownHostException {
        return switch (type) {
            case ClientIP -> Bench.request().from(InetAddress.getByName("192.0.2." + user));
            case Header -> Bench.request().withHeaders(Map.of("user", "u" + user));
            case Cookie -> Bench.request().withCookies(Map.of("user", "u" + user));
            case QueryParam -> Bench.request().withQuery(Map.of("user", "u" + user));
            case Subject -> Bench.request().of("u" + user);
        };
    }

    private static Map<Integer, String> targets(EndpointSelector selector) {
        Map<Integer, String> targets = new HashMap<>();
        for (int user = 0; user < KEYS; user++) {
            targets.put(user, Bench.target(selector, user(user)));
        }
        return targets;
    }

    private static Map<String, Integer> counts(Map<Integer, String> targets) {
        Map<String, Integer> counts = new TreeMap<>();
        targets.values().forEach(endpoint -> counts.merge(endpoint, 1, Integer::sum));
        return counts;
    }
}
