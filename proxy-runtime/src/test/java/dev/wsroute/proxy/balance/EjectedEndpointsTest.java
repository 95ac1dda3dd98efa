// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static dev.wsroute.proxy.testkit.TestEndpoints.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConsistentHash;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is chosen while endpoints are ejected. */
class EjectedEndpointsTest extends EjectionFixture {

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
}
