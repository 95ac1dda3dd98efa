// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.Rebalance;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.ManualBalancing;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.ConnectionView;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.ManualPacing;
import dev.wsroute.proxy.drain.ShedObserver;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.Documents;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Simulated clients that reconnect a second after they were asked to; the clock is virtual, the load balancing is real. */
class RebalancerTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    private static final Rebalance TWO_PERCENT = new Rebalance(true, 25, 2, Duration.ofMinutes(5));
    private static final Rebalance QUICK = new Rebalance(true, 25, 100, Duration.ZERO);

    private final ManualScheduler time = new ManualScheduler();
    private final ConnectionRegistry registry = new ConnectionRegistry();
    private final Balancing balancing = ManualBalancing.balancing(time);
    private final Random random = new Random(5);
    private final Rebalancer rebalancer = new Rebalancer(
            registry,
            balancing,
            ManualPacing.shedder(time, registry, ShedObserver.NONE),
            time,
            time::nanoTime,
            () -> random);
    private final List<Client> asked = new ArrayList<>();

    @Test
    void tenThousandConnectionsMoveToTwoNewEndpointsAtTheRateAndNoClientIsAskedTwiceInAWhile() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, TWO_PERCENT);
        ready("b0", "a", "b");
        connect("all", selector, 10_000);
        time.advance(Duration.ofMinutes(10));
        assertThat(asked).isEmpty();

        ready("b0", "a", "b", "c", "d");
        // 4,700 have to move, 200 a minute; every sixth client draws two of the full endpoints and has to move again.
        List<Integer> perMinute = new ArrayList<>();
        for (int minute = 0; minute < 30; minute++) {
            int before = asked.size();
            time.advance(MINUTE);
            perMinute.add(asked.size() - before);
        }

        assertThat(counts())
                .hasSize(4)
                .allSatisfy((id, count) -> assertThat(count).as(id).isBetween(2125, 2875));
        assertThat(perMinute).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(210));
        assertThat(asked.size()).isBetween(4600, 5900);
        assertThat(asked)
                .allSatisfy(client -> assertThat(client.sinceAskedBefore())
                        .isGreaterThan(Duration.ofMinutes(5).toNanos()));

        int done = asked.size();
        time.advance(Duration.ofHours(1));
        assertThat(asked).as("it has come to rest").hasSize(done);
        assertThat(registry.size()).isEqualTo(10_000);
    }

    @Test
    void belowTheThresholdNothingMovesAndBeyondItTheEndpointEndsWellBelow() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.RoundRobin, QUICK);
        ready("b0", "a", "b");
        connect("all", selector, 200);
        time.advance(MINUTE);
        List<Client> onB = on("b");
        onB.subList(0, 40).forEach(Client::leave);
        time.advance(MINUTE);
        assertThat(counts()).isEqualTo(Map.of("a", 100, "b", 60));
        assertThat(asked).isEmpty();

        onB.subList(40, 50).forEach(Client::leave);
        time.advance(MINUTE);
        assertThat(asked).isNotEmpty();
        assertThat(counts().get("a")).isLessThanOrEqualTo(80);
    }

    @Test
    void weightsAreFair() {
        EndpointSelector selector = rule(RuleConfig.named("all")
                .backends(List.of(Documents.listed("b0", 3), Documents.listed("b1", 1)))
                .loadBalancing(balanced(LoadBalancing.Type.LeastConnections, QUICK))
                .build());
        ready("b0", "a");
        ready("b1", "b");
        connect("all", selector, 400);
        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
        assertThat(counts().get("a")).isBetween(295, 305);
    }

    @Test
    void whileEndpointsChangeNothingMoves() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", selector, 100);
        for (int i = 0; i < 30; i++) {
            ready("b0", i % 2 == 0 ? new String[] {"a", "b"} : new String[] {"a", "c"});
            time.advance(Duration.ofSeconds(9));
        }
        assertThat(asked).isEmpty();

        time.advance(MINUTE);
        assertThat(asked).isNotEmpty();
    }

    @Test
    void inASlowStartNothingMoves() {
        EndpointSelector selector = rule(RuleConfig.named("all")
                .backends(List.of(Documents.listed("b0", 1)))
                .loadBalancing(
                        new LoadBalancing(LoadBalancing.Type.LeastConnections, Duration.ofMinutes(3), null, QUICK))
                .build());
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");

        time.advance(Duration.ofMinutes(3).minusSeconds(1));
        assertThat(asked).isEmpty();
        time.advance(MINUTE);
        assertThat(asked).isNotEmpty();
    }

    @Test
    void whileAnEndpointIsEjectedNothingMoves() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");
        eject(selector, "b");
        time.advance(Duration.ofSeconds(4));
        eject(selector, "b");

        // Each look finds it ejected again.
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofSeconds(5));
            eject(selector, "b");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void youngConnectionsStay() {
        EndpointSelector selector =
                rule("all", LoadBalancing.Type.LeastConnections, new Rebalance(true, 25, 100, Duration.ofMinutes(10)));
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");

        time.advance(Duration.ofMinutes(9));
        assertThat(asked).isEmpty();
        time.advance(Duration.ofMinutes(5));
        assertThat(asked).isNotEmpty();
    }

    @Test
    void anEndpointThatOtherRulesKeepBusyGetsNoneOfTheirClients() {
        RuleConfig all = config("all", LoadBalancing.Type.LeastConnections, QUICK);
        RuleConfig other = config("other", LoadBalancing.Type.LeastConnections, QUICK);
        apply(all, other);
        EndpointSelector first = balancing.selector("r", all);
        EndpointSelector second = balancing.selector("r", other);
        readyFor("all", "b0", "a", "b");
        readyFor("other", "b0", "a", "b");
        connect("all", onlyOn("a", first), 100);
        connect("other", onlyOn("b", second), 100);

        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
    }

    @Test
    void aProxyThatShutsDownMovesNothing() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");
        rebalancer.stop();
        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
    }

    @Test
    void disabledNothingMoves() {
        EndpointSelector selector =
                rule("all", LoadBalancing.Type.LeastConnections, new Rebalance(false, null, 100, Duration.ZERO));
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");
        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
    }

    /** A client: the connection that it has now, and when it was asked to leave the one before. */
    private final class Client implements LiveConnection {

        private final String rule;
        private final EndpointSelector selector;
        private final EndpointLease lease;
        private final long opened = time.nanoTime();
        private final long askedBefore;
        private long askedNow;

        Client(String rule, EndpointSelector selector, long askedBefore) {
            this.rule = rule;
            this.selector = selector;
            this.askedBefore = askedBefore;
            this.lease = Objects.requireNonNull(selector.select(new Facts("chat.example.com", "/"), Set.of()));
            registry.add(this);
        }

        void leave() {
            registry.remove(this);
            lease.release();
        }

        long sinceAskedBefore() {
            return askedBefore < 0 ? Long.MAX_VALUE : askedNow - askedBefore;
        }

        @Override
        public String route() {
            return "r";
        }

        @Override
        public String rule() {
            return rule;
        }

        @Override
        public SourceKey source() {
            return lease.source();
        }

        @Override
        public EndpointKey endpoint() {
            return lease.endpoint().key();
        }

        @Override
        public boolean toLeavingEndpoint() {
            return false;
        }

        @Override
        public ConnectionView view() {
            long age = TimeUnit.NANOSECONDS.toSeconds(time.nanoTime() - opened);
            return new ConnectionView("id", "r", rule, "b", "192.0.2.7", "10.0.0.1:80", age, 0, 0, 0, 0);
        }

        @Override
        public void close(CloseReason reason) {
            assertThat(reason).isEqualTo(CloseReason.REBALANCED);
            askedNow = time.nanoTime();
            asked.add(this);
            leave();
            time.schedule(() -> new Client(rule, selector, askedNow), RECONNECT.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static LoadBalancing balanced(LoadBalancing.Type type, Rebalance rebalance) {
        return new LoadBalancing(type, Duration.ZERO, null, rebalance);
    }

    private static RuleConfig config(String name, LoadBalancing.Type type, Rebalance rebalance) {
        return RuleConfig.named(name)
                .backends(List.of(Documents.listed("b0", 1)))
                .loadBalancing(balanced(type, rebalance))
                .build();
    }

    private EndpointSelector rule(String name, LoadBalancing.Type type, Rebalance rebalance) {
        return rule(config(name, type, rebalance));
    }

    private EndpointSelector rule(RuleConfig rule) {
        apply(rule);
        return balancing.selector("r", rule);
    }

    private void apply(RuleConfig... rules) {
        ProxyConfig config = Documents.config(Documents.route("r", List.of(), rules));
        rebalancer.applied(new Parsed(config, List.of(), List.of()), Documents.text(1, config));
    }

    private void ready(String backend, String... ids) {
        readyFor("all", backend, ids);
    }

    private void readyFor(String rule, String backend, String... ids) {
        SourceKey source = new SourceKey.Listed("r", rule, backend);
        EndpointSet endpoints =
                EndpointSet.of(Arrays.stream(ids).map(TestEndpoints::ready).toList());
        balancing.changed(source, endpoints);
        rebalancer.changed(source, endpoints);
    }

    private void connect(String rule, EndpointSelector selector, int count) {
        for (int i = 0; i < count; i++) {
            new Client(rule, selector, -1);
        }
    }

    private void eject(EndpointSelector selector, String id) {
        for (int i = 0; i < 10; i++) {
            EndpointLease lease = onlyOn(id, selector).select(new Facts("chat.example.com", "/"), Set.of());
            if (lease == null) {
                return;
            }
            lease.connectFailed();
            lease.release();
        }
    }

    /** Clients that get this endpoint for some reason, such as being its last reachable one. */
    private EndpointSelector onlyOn(String id, EndpointSelector selector) {
        Set<EndpointKey> others = Set.of("a", "b", "c", "d").stream()
                .filter(other -> !other.equals(id))
                .map(TestEndpoints::key)
                .collect(Collectors.toSet());
        return (request, tried) -> selector.select(request, others);
    }

    private List<Client> on(String id) {
        return registry.matching(connection -> connection.endpoint().id().equals(id)).stream()
                .map(Client.class::cast)
                .toList();
    }

    private Map<String, Integer> counts() {
        return registry.matching(any -> true).stream()
                .collect(Collectors.groupingBy(
                        connection -> connection.endpoint().id(), TreeMap::new, Collectors.summingInt(each -> 1)));
    }
}
