// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Flood;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.PackagedProxy;
import dev.wsroute.proxy.testkit.PieceFlood;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.Stalling;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many clients that read nothing, and a proxy that has memory for only some of them. */
@Tag("slow")
class StalledReadersTest extends ProxyTest {

    private static final List<String> LITTLE =
            List.of("-Xmx64m", "-XX:MaxDirectMemorySize=16m", "-XX:TieredStopAtLevel=1");

    /** The default of the proxy's container: 40 % of 512 MiB for the heap, and as much direct memory. */
    private static final List<String> IMAGE = List.of("-Xms16m", "-Xmx205m");

    private static final int ROUNDS = 400;

    /** Rounds per window. The median window counts, since compilation, garbage collection or other processes slow some down. */
    private static final int WINDOWS = 101;

    /** Bytes of free chunks that the allocator keeps. */
    private static final double KEPT = 12 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void someStalledReadersAreResetAndOtherClientsAreServed(Flood.Kind kind) throws Exception {
        play(
                open(new Flood(kind)),
                200,
                LITTLE,
                1,
                proxy ->
                        proxy.metric("wsroute_memory_evictions_total ") > 0 && proxy.metric("wsroute_clients ") <= 200);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void withTheMemoryOfTheImageTwoThousandStalledReadersDoNotDelayOthers(Flood.Kind kind) throws Exception {
        AtomicLong evictions = new AtomicLong(-1);
        Latencies latencies = play(open(new Flood(kind)), 2000, IMAGE, WINDOWS, proxy -> {
            long now = (long) proxy.metric("wsroute_memory_evictions_total ");
            return now > 0 && evictions.getAndSet(now) == now;
        });

        // The flood uses both cores while it fills buffers. Measure only once the readers have stalled.
        assertThat(latencies.during().median())
                .as("%s, before %s", latencies.during(), latencies.before())
                .isLessThan(3 * latencies.before().median());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void responsesInTinyPiecesHoldNoMoreMemoryThanReserved() throws Exception {
        PieceFlood flood = open(new PieceFlood());

        play(flood, 300, LITTLE, 1, proxy -> flood.pieces() > 45_000);
    }

    private record Latencies(Pace before, Pace during) {}

    /**
     * Latency of an echo while other clients are stalled.
     *
     * @param percentiles the 99th percentile of each window in nanoseconds, ascending
     */
    private record Pace(List<Long> percentiles) {

        long median() {
            return percentiles.get(percentiles.size() / 2);
        }
    }

    /** Whether all readers have stalled. */
    @FunctionalInterface
    private interface Condition {
        boolean isMet(PackagedProxy proxy) throws Exception;
    }

    /** @param windows how often to measure, before and during */
    private Latencies play(Stalling flood, int crowd, List<String> memory, int windows, Condition condition)
            throws Exception {
        RawBackend calm = open(RawBackend.start());
        PackagedProxy proxy =
                open(PackagedProxy.start(config(flood.address(), calm.address()), FreePort.find(), memory));
        RawPeer client = open(RawPeer.connect(proxy.address()));
        client.send(TestProxy.handshake().replace("chat.example.com", "calm"));
        RawPeer backend = open(calm.accept());
        backend.readHead();
        backend.send(TestProxy.switching());
        client.readHead();
        pace(client, backend, windows);
        Pace before = pace(client, backend, windows);

        for (int i = 0; i < crowd; i++) {
            flood.connect(proxy.address(), "flood");
        }
        await().pollInterval(Duration.ofSeconds(1)).until(() -> condition.isMet(proxy));
        Pace during = pace(client, backend, windows);

        assertThat(proxy.isAlive()).isTrue();
        assertThat(proxy.metric("wsroute_contained_errors_total{")).isZero();
        assertThat(proxy.metric("wsroute_memory_used_bytes{budget=\"buffers\"}"))
                .isLessThanOrEqualTo(proxy.metric("wsroute_memory_budget_bytes{budget=\"buffers\"}"));

        double direct = proxy.metric("wsroute_direct_memory_bytes ");
        flood.close();
        await().untilAsserted(() -> {
            assertThat(proxy.metric("wsroute_memory_used_bytes{budget=\"buffers\"}"))
                    .isZero();
            assertThat(proxy.metric("wsroute_direct_memory_bytes ")).isLessThan(Math.max(direct, KEPT));
            assertThat(proxy.metric("wsroute_clients ")).isEqualTo(1);
        });
        echo(client, backend, 1);
        return new Latencies(before, during);
    }

    private static Pace pace(RawPeer client, RawPeer backend, int windows) throws IOException {
        List<Long> percentiles = new ArrayList<>();
        for (int i = 0; i < windows; i++) {
            percentiles.add(echo(client, backend, ROUNDS));
        }
        Collections.sort(percentiles);
        return new Pace(percentiles);
    }

    /** Returns the 99th percentile, in nanoseconds. */
    private static long echo(RawPeer client, RawPeer backend, int rounds) throws IOException {
        long[] nanos = new long[rounds];
        byte[] ping = Frame.text("ping", true);
        byte[] pong = Frame.text("pong", false);
        for (int i = 0; i < rounds; i++) {
            long begun = System.nanoTime();
            client.send(ping);
            backend.readFrame();
            backend.send(pong);
            client.readFrame();
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        return nanos[rounds * 99 / 100];
    }

    private Path config(InetSocketAddress flood, InetSocketAddress calm) throws IOException {
        return Files.writeString(folder.resolve("proxy.yaml"), """
                listeners: [{name: ws, address: 127.0.0.1, port: 0}]
                drain: {over: 0s, closeTimeout: 1s}
                accessLog: {enabled: false}
                routes:
                  - name: flood
                    hostnames: [flood]
                    rules:
                      - name: all
                        timeouts: {writeStall: 10m}
                        backends: [{name: b, endpoints: [{address: 127.0.0.1, port: %d}]}]
                  - name: calm
                    hostnames: [calm]
                    rules:
                      - name: all
                        backends: [{name: b, endpoints: [{address: 127.0.0.1, port: %d}]}]
                """.formatted(flood.getPort(), calm.getPort()));
    }
}
