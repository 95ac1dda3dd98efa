// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyConfig;
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

/** Simulated clients that reconnect a second after they were asked to; the clock is virtual, the load balancing is real. */
abstract class RuleSimulation {

    static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    static final Rebalance TWO_PERCENT = new Rebalance(true, 25, 2, Duration.ofMinutes(5));
    static final Rebalance QUICK = new Rebalance(true, 25, 100, Duration.ZERO);

    final ManualScheduler time = new ManualScheduler();
    final ConnectionRegistry registry = new ConnectionRegistry();
    final Balancing balancing = ManualBalancing.balancing(time);
    private final Random random = new Random(5);
    final Rebalancer rebalancer = new Rebalancer(
            new AskedConnections(registry),
            balancing,
            ManualPacing.shedder(time, registry, ShedObserver.NONE),
            time,
            time::nanoTime,
            () -> random);
    final List<Client> asked = new ArrayList<>();

    /** A client: the connection that it has now, and when it was asked to leave the one before. */
    final class Client implements LiveConnection {

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
            return new ConnectionView("id", "r", rule, "b", "192.0.2.7", null, null, "10.0.0.1:80", age, 0, 0, 0, 0);
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

    static LoadBalancing balanced(LoadBalancing.Type type, Rebalance rebalance) {
        return new LoadBalancing(type, Duration.ZERO, null, rebalance);
    }

    static RuleConfig config(String name, LoadBalancing.Type type, Rebalance rebalance) {
        return RuleConfig.named(name)
                .backends(List.of(Documents.listed("b0", 1)))
                .loadBalancing(balanced(type, rebalance))
                .build();
    }

    EndpointSelector rule(String name, LoadBalancing.Type type, Rebalance rebalance) {
        return rule(config(name, type, rebalance));
    }

    EndpointSelector rule(RuleConfig rule) {
        apply(rule);
        return balancing.selector("r", rule);
    }

    void apply(RuleConfig... rules) {
        ProxyConfig config = Documents.config(Documents.route("r", List.of(), rules));
        rebalancer.applied(config);
    }

    void ready(String backend, String... ids) {
        readyFor("all", backend, ids);
    }

    void readyFor(String rule, String backend, String... ids) {
        SourceKey source = new SourceKey.Listed("r", rule, backend);
        EndpointSet endpoints =
                EndpointSet.of(Arrays.stream(ids).map(TestEndpoints::ready).toList());
        balancing.changed(source, endpoints);
        rebalancer.changed(source, endpoints);
    }

    void connect(String rule, EndpointSelector selector, int count) {
        for (int i = 0; i < count; i++) {
            new Client(rule, selector, -1);
        }
    }

    void eject(EndpointSelector selector, String id) {
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
    EndpointSelector onlyOn(String id, EndpointSelector selector) {
        Set<EndpointKey> others = Set.of("a", "b", "c", "d").stream()
                .filter(other -> !other.equals(id))
                .map(TestEndpoints::key)
                .collect(Collectors.toSet());
        return (request, tried) -> selector.select(request, others);
    }

    List<Client> on(String id) {
        return registry.matching(connection -> connection.endpoint().id().equals(id)).stream()
                .map(Client.class::cast)
                .toList();
    }

    Map<String, Integer> counts() {
        return registry.matching(any -> true).stream()
                .collect(Collectors.groupingBy(
                        connection -> connection.endpoint().id(), TreeMap::new, Collectors.summingInt(each -> 1)));
    }
}
