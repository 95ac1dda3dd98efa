// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.testkit.EagerTlsClient;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many clients that come back at once and are slow: more than the budget {@code handshakes} has room for. The bytes of their
 * handshakes arrive one by one.
 */
@Tag("slow")
class SlowHandshakesTest extends ProxyProcessFixture {

    private static final TestAuthority CA = TestAuthority.named("test CA");

    private static final SSLContext TRUSTING = CA.client();

    /** The least. A quarter of it is for handshakes. */
    private static final long BUFFERS = 1 << 20;

    /** Four times as many as fit. */
    private static final int CROWD = (int) (4 * (BUFFERS / 4) / MemoryPlan.TLS_HANDSHAKE);

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: nowhere.example\r\nConnection: close\r\n\r\n";

    private static final String ESTABLISHED = "wsroute_tls_handshakes_total{";

    private final List<Slow> crowd = new ArrayList<>();

    /** A client in its handshake. */
    private static final class Slow {

        private final RawPeer peer;
        private final byte[] rest;
        private int sent;

        Slow(RawPeer peer, byte[] rest) {
            this.peer = peer;
            this.rest = rest;
        }

        /** Sends one byte. Returns false once the proxy has reset the connection. */
        boolean dribble() {
            try {
                if (!isDone()) {
                    peer.send(rest, sent, 1);
                    sent++;
                }
                return true;
            } catch (IOException reset) {
                return false;
            }
        }

        boolean isDone() {
            return sent == rest.length;
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        for (Slow each : crowd) {
            each.peer.close();
        }
    }

    @Test
    void thoseThatDoNotFitAreResetAtOnceAndNobodyElseNotices() throws Exception {
        CA.issue("dns:chat.example.com").write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        start(
                document("limits: {handshakeTimeout: 1m}\n", one)
                        .replace(
                                "[{name: ws, address: 127.0.0.1, port: 0}]",
                                "[{name: wss, address: 127.0.0.1, port: 0, protocol: HTTPS, tls: {certificates: "
                                        + "[{certificateFile: " + folder.resolve("tls.crt") + ", keyFile: "
                                        + folder.resolve("tls.key") + "}]}}]"),
                MemoryPlan.ofProcess().with("buffers", BUFFERS));
        await().ignoreExceptionsInstanceOf(IOException.class).until(this::isServed);
        try (Pair open = openSecured()) {
            for (int i = 1; i <= CROWD; i++) {
                begin();
                if (i % 20 == 0) {
                    echoes(open);
                    assertThat(held()).isPositive().isLessThanOrEqualTo(BUFFERS / 4.0);
                    assertThat(isServed()).as("who is quick gets in between").isTrue();
                }
            }

            await().untilAsserted(() -> {
                crowd.removeIf(each -> !each.dribble());
                assertThat(refused()).isEqualTo(CROWD - crowd.size());
            });
            assertThat(crowd).hasSizeBetween(5, CROWD / 4);
            double before = metric(ESTABLISHED);
            while (!crowd.stream().allMatch(Slow::isDone)) {
                assertThat(crowd).allMatch(Slow::dribble);
                echoes(open);
            }

            await().untilAsserted(() -> {
                assertThat(metric(ESTABLISHED)).isEqualTo(before + crowd.size());
                assertThat(held()).isZero();
            });
            int gone = CROWD - crowd.size();
            for (int i = 0; i < gone; i++) {
                assertThat(isServed()).isTrue();
            }
            assertThat(refused()).isEqualTo(gone);
            assertThat(metric("wsroute_contained_errors_total{")).isZero();
            echoes(open);
        }
    }

    /** A slow client says hello and hears the answer. */
    private void begin() throws IOException {
        RawPeer peer = RawPeer.connect(listening());
        EagerTlsClient client = new EagerTlsClient(TRUSTING, "chat.example.com");
        try {
            peer.send(client.hello());
            crowd.add(new Slow(peer, client.end(peer, REQUEST)));
        } catch (IOException reset) {
            peer.close();
        }
    }

    private boolean isServed() throws IOException {
        try (RawPeer client = RawPeer.secure(listening(), TRUSTING, "chat.example.com")) {
            return client.send(REQUEST).readToEnd().startsWith("HTTP/1.1 404 ");
        }
    }

    private Pair openSecured() throws IOException {
        RawPeer client = RawPeer.secure(listening(), TRUSTING, "chat.example.com");
        client.send(TestProxy.handshake());
        RawPeer behind = one.accept();
        behind.readHead();
        behind.send(TestProxy.switching());
        client.readHead();
        return new Pair(client, behind);
    }

    private static void echoes(Pair open) throws IOException {
        open.client().send(Frame.text("ping", true));
        assertThat(open.backend().readFrame().text()).isEqualTo("ping");
        open.backend().send(Frame.text("pong", false));
        assertThat(open.client().readFrame().text()).isEqualTo("pong");
    }

    /** Bytes of memory of unfinished handshakes. */
    private double held() throws Exception {
        return metric("wsroute_memory_used_bytes{budget=\"handshakes\"}");
    }

    private double refused() throws Exception {
        return metric("wsroute_tls_handshake_failures_total{reason=\"memory\"}");
    }

    private double metric(String prefix) throws Exception {
        return admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
