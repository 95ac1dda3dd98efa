// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.memory.EvictingBudget;
import dev.wsroute.proxy.memory.EvictionWeight;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many clients with large requests and access log records, and a proxy that has memory for only a few of them. */
@Tag("slow")
class RequestMemoryTest extends ProxyTest {

    private static final long CAPACITY = 128 * 1024;
    private static final int CROWD = 40;
    private static final String LARGE = "q".repeat(2_000);

    private RawBackend backend;
    private TestProxy proxy;
    private final RecordingMetrics metrics = new RecordingMetrics();

    private void start() throws Exception {
        MemoryBudgets plan = MemoryPlan.ofProcess().budgets();
        EvictingBudget requests = new EvictingBudget(new MemoryBudget("requests", CAPACITY), EvictionWeight.BYTES);
        backend = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(backend.address())
                .metrics(metrics)
                .memory(plan.withRequests(requests))
                .start());
    }

    @Test
    void largeUnansweredRequestsAreEvictedForASmallRequestOfAnotherClient() throws Exception {
        start();
        List<RawPeer> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            RawPeer stranger = open(proxy.connect());
            crowd.add(stranger);
            // Each is a little smaller, so that the first is evicted first.
            String target = "/never?" + "q".repeat(2_000 - i);
            stranger.send("GET " + target + " HTTP/1.1\r\nHost: a.example\r\nUser-Agent: " + LARGE + "\r\n\r\n");
            open(backend.accept()).readHead();
        }

        RawPeer client = open(proxy.connect());
        client.send("GET /small HTTP/1.1\r\nHost: a.example\r\n\r\n");
        RawPeer behind = open(backend.accept());
        assertThat(behind.readHead()).startsWith("GET /small ");
        behind.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(crowd.get(0).isReset()).isTrue();
        AccessEntry line = proxy.nextLogged();
        assertThat(line.detail()).isEqualTo("The proxy ran out of memory, and this connection used the most.");
        assertThat(proxy.memory().evictions()).isPositive();
        assertThat(proxy.memory().requests().budget().used()).isLessThan(CAPACITY);
        assertThat(metrics.events()).contains("refused memory 0 'apps/echo'");
        for (RawPeer stranger : crowd) {
            stranger.close();
        }
        client.close();
        awaitNothingHeld();
    }

    @Test
    void tunnelsWithLargeRecordsAreResetBeforeOlderOnesWithSmallRecords() throws Exception {
        start();
        TestProxy.Pair small = open(proxy.open(backend));
        List<RawPeer> crowd = new ArrayList<>();

        while (proxy.memory().evictions() == 0) {
            RawPeer stranger = open(proxy.connect());
            crowd.add(stranger);
            stranger.send(TestProxy.handshake("User-Agent: " + LARGE).replace("x=1", LARGE));
            AtomicReference<RawPeer> behind = new AtomicReference<>();
            await().until(() -> {
                behind.set(backend.poll());
                return behind.get() != null || proxy.memory().evictions() > 0;
            });
            if (proxy.memory().evictions() == 0) {
                RawPeer accepted = open(behind.get());
                accepted.readHead();
                accepted.send(TestProxy.switching());
                stranger.readHead();
            }
        }

        AccessEntry line = proxy.nextLogged();
        while (line.tunnel() == null) {
            line = proxy.nextLogged();
        }
        assertThat(line.tunnel().end()).isEqualTo(TunnelOutcome.RESET_FOR_MEMORY);
        small.client().send(Frame.text("still here", true));
        assertThat(small.backend().readFrame().text()).isEqualTo("still here");
        for (RawPeer stranger : crowd) {
            stranger.close();
        }
        small.close();
        awaitNothingHeld();
    }

    private void awaitNothingHeld() {
        await().untilAsserted(() ->
                assertThat(proxy.memory().requests().budget().used()).isZero());
        assertThat(FailurePoint.values()).allMatch(place -> proxy.failures().count(place) == 0);
    }
}
