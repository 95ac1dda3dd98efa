// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.Documents.listed;

import dev.wsroute.config.ConsistentHash;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.microbench.Microbenchmark;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Cost of choosing one of 1,000 endpoints and releasing it, with 5,000 other connections open. */
public class EndpointChoiceBenchmark extends Microbenchmark {

    private static final int ENDPOINTS = 1_000;
    private static final int NEW = 200;
    private static final int LIVE = 5_000;

    private final Balancing balancing = new Balancing((route, backend, endpoint, time) -> {});
    private final Facts[] requests = IntStream.range(0, 1024)
            .mapToObj(i -> new Facts("chat.example.com", "/").withHeaders(Map.of("x-room", "room-" + i)))
            .toArray(Facts[]::new);
    private EndpointSelector leastConnections;
    private EndpointSelector slowStart;
    private EndpointSelector roundRobin;
    private EndpointSelector consistentHash;
    private EndpointSelector sameZone;
    private int next;

    @Setup
    public void fill() {
        leastConnections = selector("least", LoadBalancing.DEFAULT);
        slowStart =
                selector("slow", new LoadBalancing(LoadBalancing.Type.LeastConnections, Duration.ofHours(24), null));
        endpoints("slow", ENDPOINTS + NEW);
        roundRobin = selector("round", LoadBalancing.of(LoadBalancing.Type.RoundRobin));
        ConsistentHash byRoom = new ConsistentHash(ConsistentHash.Type.Header, "x-room");
        consistentHash = selector(
                "hash",
                new LoadBalancing(LoadBalancing.Type.ConsistentHash, LoadBalancing.DEFAULT.slowStart(), byRoom));
        sameZone = selector(
                "zone",
                new LoadBalancing(
                        LoadBalancing.Type.LeastConnections,
                        LoadBalancing.DEFAULT.slowStart(),
                        null,
                        null,
                        LoadBalancing.Topology.PreferSameZone));
        balancing.changed(
                new SourceKey.Listed("zone", "all", "b"),
                EndpointSet.of(IntStream.range(0, ENDPOINTS)
                        .mapToObj(i -> TestEndpoints.inZone("z" + i, "zone-" + i % 3))
                        .toList()));
        balancing.zone(new OwnZone("zone-0", 0.5));
        for (int i = 0; i < LIVE; i++) {
            lease(leastConnections);
        }
    }

    /** Over the same endpoints, by another route. */
    private EndpointSelector selector(String route, LoadBalancing balancedBy) {
        endpoints(route, ENDPOINTS);
        return balancing.selector(
                route,
                RuleConfig.named("all")
                        .backends(List.of(listed("b", 1)))
                        .loadBalancing(balancedBy)
                        .build());
    }

    private void endpoints(String route, int count) {
        balancing.changed(
                new SourceKey.Listed(route, "all", "b"),
                EndpointSet.of(IntStream.range(0, count)
                        .mapToObj(i -> TestEndpoints.ready("e" + i))
                        .toList()));
    }

    private EndpointLease lease(EndpointSelector selector) {
        return Objects.requireNonNull(selector.select(requests[next++ & (requests.length - 1)], Set.of()));
    }

    private Object leaseAndRelease(EndpointSelector selector) {
        EndpointLease lease = lease(selector);
        lease.release();
        return lease;
    }

    @Benchmark
    public Object leastConnections() {
        return leaseAndRelease(leastConnections);
    }

    /** Beside new endpoints. */
    @Benchmark
    public Object leastConnectionsInSlowStart() {
        return leaseAndRelease(slowStart);
    }

    /** A third of the endpoints, and half of the proxies. */
    @Benchmark
    public Object leastConnectionsInTheSameZone() {
        return leaseAndRelease(sameZone);
    }

    @Benchmark
    public Object roundRobin() {
        return leaseAndRelease(roundRobin);
    }

    @Benchmark
    public Object consistentHash() {
        return leaseAndRelease(consistentHash);
    }
}
