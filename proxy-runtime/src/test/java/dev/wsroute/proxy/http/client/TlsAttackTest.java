// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that abuse TLS. The proxy still serves others, and releases all memory. */
class TlsAttackTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final Issued CHAT = CA.issue("dns:chat.example.com");
    private static final String ALERT = "\u0015\u0003\u0003\u0000\u0002\u0002";

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final TlsListener listener = TlsFixture.listener(CHAT);
    private RawBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = RawBackend.start();
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
        TlsFixture.renew(listener);
    }

    private TestProxyOptions options() {
        return TestProxy.options().to(backend.address()).metrics(metrics).tls(listener);
    }

    private static void isServed(TestProxy proxy) throws IOException {
        try (RawPeer client = RawPeer.secure(proxy.address(), CA.client(), "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
        }
    }

    private static byte[] hello() throws IOException {
        SSLEngine engine = CA.client().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(17 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void nothingIsHeld(TestProxy proxy) {
        await().untilAsserted(() ->
                assertThat(proxy.memory().buffers().budget().used()).isZero());
    }

    private static void nothingFailed(TestProxy proxy) {
        for (FailurePoint point : FailurePoint.values()) {
            assertThat(proxy.failures().count(point)).isZero();
        }
    }

    @Test
    void aClientHelloOfMoreThan16KibibytesIsRefusedWithAnAlert() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = proxy.connect()) {
            // The first record is enough: it contains the length of the message.
            client.send(new byte[] {22, 3, 1, 0, 4, 1, 0, 0x40, 0});

            assertThat(client.readToEnd()).isEqualTo(ALERT + "\u0032");
            assertThat(metrics.events()).contains("TLS failed: client_hello");
            nothingIsHeld(proxy);
            isServed(proxy);
        }
    }

    @Test
    void garbageAfterTheClientHelloEndsTheConnection() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = proxy.connect()) {
            client.send(hello());
            client.send("\u0016\u0003\u0003\u0000\u0004abcd");

            client.readToEnd();
            await().until(() -> metrics.events().contains("TLS failed: protocol"));
            nothingIsHeld(proxy);
            nothingFailed(proxy);
            isServed(proxy);
        }
    }

    @Test
    void aBrokenRecordAfterTheHandshakeEndsTheConnectionAndIsNotAnInternalError() throws Exception {
        try (TestProxy proxy = options().start();
                Socket tcp =
                        new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
            SSLSocket secured = (SSLSocket) CA.client().getSocketFactory().createSocket(tcp, "127.0.0.1", 1, false);
            secured.startHandshake();

            tcp.getOutputStream()
                    .write("\u0017\u0003\u0003\u0000\u0014not encrypted at all".getBytes(StandardCharsets.ISO_8859_1));

            await().until(() -> metrics.events().contains("disconnected"));
            nothingFailed(proxy);
        }
    }

    @Test
    void aConnectionThatIsCutOffWithoutCloseNotifyEnds() throws Exception {
        try (TestProxy proxy = options().start();
                Socket tcp =
                        new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
            SSLSocket secured = (SSLSocket) CA.client().getSocketFactory().createSocket(tcp, "127.0.0.1", 1, false);
            secured.startHandshake();
            secured.getOutputStream().write("GET / HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));

            tcp.shutdownOutput();

            await().until(() -> metrics.events().contains("disconnected"));
            nothingFailed(proxy);
        }
    }

    @Test
    void manyHalfOpenHandshakesEndWithTheHandshakeTimeout() throws Exception {
        Duration limit = Duration.ofSeconds(2);
        byte[] hello = hello();
        List<RawPeer> silent = new ArrayList<>();
        try (TestProxy proxy = options()
                .limits(RequestLimits.DEFAULT.withTimeouts(limit, limit, limit))
                .start()) {
            for (int i = 0; i < 300; i++) {
                RawPeer client = proxy.connect();
                silent.add(client);
                // Part of a hello, a complete one, and a complete one with part of the next record.
                client.send(hello, 0, i % 3 == 0 ? hello.length / 2 : hello.length);
                if (i % 3 == 2) {
                    client.send(new byte[] {23, 3, 3, 0x40, 0, 1});
                }
            }
            isServed(proxy);
            assertThat(proxy.memory().buffers().budget().used()).isPositive();

            await().until(() -> metrics.events().stream()
                            .filter("TLS failed: too_slow"::equals)
                            .count()
                    == silent.size());
            nothingIsHeld(proxy);
        } finally {
            for (RawPeer client : silent) {
                client.close();
            }
        }
    }

    @Test
    void anIncompleteRecordOfATunnelIsWithinTheMemoryBudget() throws Exception {
        int length = 16 * 1024;
        byte[] allButOne = new byte[5 + length - 1];
        ByteBuffer.wrap(allButOne).put((byte) 23).putShort((short) 0x0303).putShort((short) length);
        try (TestProxy proxy = options().start();
                RawPeer socket = proxy.connect();
                RawPeer client = socket.secure(CA.client(), "chat.example.com")) {
            proxy.open(backend, client);
            socket.send(allButOne);

            await().untilAsserted(() ->
                    assertThat(proxy.memory().buffers().budget().used()).isGreaterThanOrEqualTo(length));
            socket.reset();
            nothingIsHeld(proxy);
            nothingFailed(proxy);
        }
    }

    @Test
    void incompleteRecordsAreWithinTheMemoryBudget() throws Exception {
        byte[] hello = hello();
        byte[] record = new byte[16 * 1024];
        record[0] = 22;
        record[1] = 3;
        record[2] = 3;
        record[3] = 0x40;
        List<RawPeer> silent = new ArrayList<>();
        try (TestProxy proxy = options()
                .memory(MemoryPlan.ofProcess().with("buffers", 1L << 20).budgets())
                .start()) {
            for (int i = 0; i < 100; i++) {
                RawPeer client = proxy.connect();
                silent.add(client);
                client.send(hello);
                try {
                    client.send(record);
                } catch (IOException evicted) {
                    continue;
                }
            }

            await().until(() -> proxy.memory().evictions() > 0);
            assertThat(proxy.memory().buffers().budget().used()).isLessThanOrEqualTo(1L << 20);
        } finally {
            for (RawPeer client : silent) {
                client.close();
            }
        }
    }

    @Test
    void theRateLimitOfHandshakesCountsTlsAndNotItsFirstWebSocket() throws Exception {
        LimitsConfig one = new LimitsConfig(null, null, 1, null, null, null, null, null, null);
        try (TestProxy proxy = options()
                        .terms(ProxyTerms.of(one, new ClientAddressConfig(List.of(), null)))
                        .start();
                RawPeer first = RawPeer.secure(proxy.address(), CA.client(), "chat.example.com")) {
            assertThatThrownBy(() -> RawPeer.secure(proxy.address(), CA.client(), "chat.example.com"))
                    .isInstanceOf(IOException.class);
            assertThat(metrics.events()).contains("refused handshake_rate 0 ''", "TLS failed: handshake_rate");

            proxy.open(backend, first).close();
        }
    }

    @Test
    void theProxyProtocolPrecedesTls() throws Exception {
        ClientAddressConfig trusting = new ClientAddressConfig(List.of("127.0.0.1"), ProxyProtocol.Require);
        try (TestProxy proxy = options()
                        .terms(ProxyTerms.of(LimitsConfig.DEFAULT, trusting))
                        .start();
                RawPeer plain = proxy.connect()) {
            plain.send("PROXY TCP4 203.0.113.7 10.0.0.1 4711 443\r\n");
            try (RawPeer client = plain.secure(CA.client(), "chat.example.com")) {
                client.send(TestProxy.handshake());

                assertThat(backend.accept().readHead())
                        .contains("X-Forwarded-For: 203.0.113.7\r\n", "X-Forwarded-Proto: https\r\n");
            }
        }
    }
}
