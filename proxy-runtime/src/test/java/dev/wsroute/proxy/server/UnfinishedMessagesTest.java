// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.PackagedProxy;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many clients whose heads or trailers never end. A proxy with little memory still serves others. */
@Tag("slow")
class UnfinishedMessagesTest extends ProxyTest {

    private static final List<String> LITTLE =
            List.of("-Xmx48m", "-XX:MaxDirectMemorySize=16m", "-XX:TieredStopAtLevel=1");

    /** The default of the proxy's container: 40 % of 512 MiB for the heap, and as much direct memory. */
    private static final List<String> IMAGE = List.of("-Xms16m", "-Xmx205m");

    /** Below the limits of a head: 32 KiB and 100 lines. */
    private static final String LONG_LINES = ("a: " + "b".repeat(500) + "\r\n").repeat(60);

    @TempDir
    private Path folder;

    /** What each client sends. */
    enum Unfinished {
        MANY_SHORT_LINES("GET / HTTP/1.1\r\n" + "a:\r\n".repeat(8150)),
        LONG_HEAD("GET / HTTP/1.1\r\n" + LONG_LINES),
        TRAILERS("POST / HTTP/1.1\r\nHost: crowd\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + LONG_LINES);

        private final String bytes;

        Unfinished(String bytes) {
            this.bytes = bytes;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theMemoryOfUnfinishedMessagesIsBoundedAndOthersAreServed(Unfinished kind) throws Exception {
        play(kind, 400, LITTLE);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void withTheMemoryOfTheImageTwoThousandUnfinishedMessagesAreBounded(Unfinished kind) throws Exception {
        play(kind, 2000, IMAGE);
    }

    private void play(Unfinished kind, int size, List<String> memory) throws Exception {
        RawBackend crowded = open(RawBackend.start());
        RawBackend calm = open(RawBackend.start());
        PackagedProxy proxy = open(PackagedProxy.start(
                config(crowded.address().getPort(), calm.address().getPort()), FreePort.find(), memory));
        List<RawPeer> crowd = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            RawPeer peer = open(RawPeer.connect(proxy.address()));
            crowd.add(peer);
            try {
                peer.send(kind.bytes);
            } catch (SocketException e) {
                // The proxy refused it before it had sent everything.
                continue;
            }
        }

        RawPeer client = open(RawPeer.connect(proxy.address()));
        client.send(TestProxy.handshake().replace("chat.example.com", "calm"));
        RawPeer backend = open(calm.accept());
        backend.readHead();
        backend.send(TestProxy.switching());
        assertThat(client.readHead()).startsWith("HTTP/1.1 101");
        client.send(Frame.text("ping", true));

        assertThat(backend.readFrame().text()).isEqualTo("ping");
        assertThat(proxy.isAlive()).isTrue();
        assertThat(proxy.metric("wsroute_contained_errors_total{")).isZero();
        assertThat(proxy.metric("wsroute_memory_used_bytes{budget=\"heads\"}"))
                .isLessThanOrEqualTo(proxy.metric("wsroute_memory_budget_bytes{budget=\"heads\"}"));
        for (RawPeer peer : crowd) {
            peer.close();
        }
        await().untilAsserted(() -> {
            assertThat(proxy.metric("wsroute_memory_used_bytes{budget=\"heads\"}"))
                    .isZero();
            assertThat(proxy.metric("wsroute_clients ")).isEqualTo(1);
        });
    }

    private Path config(int crowded, int calm) throws IOException {
        return Files.writeString(folder.resolve("proxy.yaml"), """
                listeners: [{name: ws, address: 127.0.0.1, port: 0}]
                drain: {over: 0s, closeTimeout: 1s}
                accessLog: {enabled: false}
                routes:
                  - name: crowd
                    hostnames: [crowd]
                    rules:
                      - name: all
                        backends: [{name: b, endpoints: [{address: 127.0.0.1, port: %d}]}]
                  - name: calm
                    hostnames: [calm]
                    rules:
                      - name: all
                        backends: [{name: b, endpoints: [{address: 127.0.0.1, port: %d}]}]
                """.formatted(crowded, calm));
    }
}
