// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.Documents.listed;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ConsistentHash;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.config.RuleConfigBuilder;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.metrics.ZoneRelation;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.routing.RequestFacts;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.ManualClock;
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
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The balancing of one proxy with a rule {@code r/all}, a manual clock, and the same random numbers in every run. */
final class Bench {

    final ManualClock clock = new ManualClock();
    final List<String> ejections = new ArrayList<>();
    /** Where WebSockets of rules with a topology were opened. */
    final List<String> opened = new ArrayList<>();

    private final RandomGenerator draws;
    final Balancing balancing;

    Bench() {
        this(1);
    }

    Bench(long seed) {
        draws = new Random(seed);
        balancing = new Balancing(
                new BalancingListener() {
                    @Override
                    public void ejected(String route, String backend, Endpoint endpoint, Duration time) {
                        ejections.add(endpoint.key().id() + " of " + backend + " for " + time.toSeconds() + " s");
                    }

                    @Override
                    public void opened(String route, String backend, ZoneRelation zone) {
                        opened.add(backend + " " + zone);
                    }
                },
                clock::nanoTime,
                clock,
                () -> draws);
    }

    /** Backends called {@code b0}, {@code b1} and so on. */
    static List<BackendConfig> backends(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> listed("b" + i, weights[i]))
                .toList();
    }

    static LoadBalancing hash(ConsistentHash.Type type, @Nullable String name) {
        return new LoadBalancing(LoadBalancing.Type.ConsistentHash, Duration.ZERO, new ConsistentHash(type, name));
    }

    static LoadBalancing leastConnections(Duration slowStart) {
        return new LoadBalancing(LoadBalancing.Type.LeastConnections, slowStart, null);
    }

    static RuleConfigBuilder rule() {
        return RuleConfig.named("all");
    }

    static Facts request() {
        return new Facts("chat.example.com", "/");
    }

    static SourceKey source(String backend) {
        return new SourceKey.Listed("r", "all", backend);
    }

    EndpointSelector selector(RuleConfigBuilder rule) {
        return balancing.selector("r", rule.build());
    }

    /** Replaces the endpoints of the backend. */
    Bench endpoints(String backend, Endpoint... endpoints) {
        balancing.changed(source(backend), EndpointSet.of(List.of(endpoints)));
        return this;
    }

    /** The same, all of them ready. */
    Bench ready(String backend, String... ids) {
        return endpoints(backend, Arrays.stream(ids).map(TestEndpoints::ready).toArray(Endpoint[]::new));
    }

    static EndpointLease lease(EndpointSelector selector, RequestFacts request) {
        return Objects.requireNonNull(selector.select(request, Set.of()));
    }

    /** The endpoint chosen for a request that ends at once. */
    static String target(EndpointSelector selector, RequestFacts request) {
        EndpointLease lease = lease(selector, request);
        lease.release();
        return lease.endpoint().key().id();
    }

    /** The endpoints selected for {@code count} requests, one after another. */
    static Map<String, Integer> targets(EndpointSelector selector, int requests) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            counts.merge(target(selector, request()), 1, Integer::sum);
        }
        return counts;
    }
}
