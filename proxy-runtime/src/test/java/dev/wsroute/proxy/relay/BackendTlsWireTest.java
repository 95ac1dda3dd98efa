// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.Messages;
import dev.wsroute.proxy.testkit.OpensslClient;
import dev.wsroute.proxy.testkit.OpensslProcess;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import dev.wsroute.proxy.testkit.TestTls;
import dev.wsroute.proxy.testkit.TlsPeerChannel;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Behaviour specific to tunnels whose backends use TLS. The other tests of tunnels also run with such backends, with
 * {@code -Dwsroute.test.tls.backends=true}.
 */
class BackendTlsWireTest extends ProxyTest {

    private static final String HOST = "chat.apps.svc";
    private static final TestAuthority CA = TestAuthority.named("backend CA");
    private static final Issued CHAT = CA.issue("dns:" + HOST);

    private final TlsBackend tls = TlsFixture.backend(HOST, CA, null);
    private @Nullable TestProxy proxy;

    @AfterEach
    void release() {
        TlsFixture.release(tls);
        if (proxy != null) {
            TestProxy used = proxy;
            await().untilAsserted(() ->
                    assertThat(used.memory().buffers().budget().used()).isZero());
            assertThat(FailurePoint.values())
                    .allSatisfy(
                            point -> assertThat(used.failures().count(point)).isZero());
        }
    }

    private static SSLContext server() {
        return CA.client(CHAT);
    }

    /** @param clients TLS of clients; null for none */
    private TestProxy start(InetSocketAddress backend, @Nullable SslContext clients) throws IOException {
        TestProxyOptions options = TestProxy.options().to(backend).backendTls(tls);
        TestProxy started = open((clients == null ? options : options.tls(clients)).start());
        proxy = started;
        return started;
    }

    private RawBackend backend(String... versions) throws IOException {
        return open(RawBackend.start()).secure(server(), versions);
    }

    @ParameterizedTest
    @CsvSource({"false, TLSv1.2", "false, TLSv1.3", "true, TLSv1.2", "true, TLSv1.3"})
    void messagesOfEverySizePassBothWays(boolean clients, String version) throws Exception {
        RawBackend backend = backend(version);
        TestProxy started = start(backend.address(), clients ? TestTls.server(SslProvider.OPENSSL_REFCNT) : null);
        RawPeer client = open(RawPeer.connect(started.address()));
        TestProxy.Pair tunnel =
                open(started.open(backend, clients ? client.secure(TestTls.clientContext()) : started.secure(client)));

        Messages.ofEverySize(tunnel);

        tunnel.backend().send(Frame.close(1000, "", false));
        assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1000);
        tunnel.client().send(Frame.close(1000, "", true));
        assertThat(tunnel.backend().readFrame().closeCode()).isEqualTo(1000);
        // The JDK's socket throws if the stream ends without a close_notify.
        assertThat(tunnel.backend().atEnd()).isTrue();
    }

    /** The proxy's first read ends within the record of the 101, right after it, or within the record of the frames. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 6, 60, -1, 0, 1001, 1005, 1010})
    void whatFollowsThe101PassesWhereverRecordsAreCut(int place) throws Exception {
        try (ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            TestProxy started = start((InetSocketAddress) listening.getLocalAddress(), null);
            RawPeer client = open(started.connect());
            client.send(TestProxy.handshake());
            try (SocketChannel socket = listening.accept()) {
                TlsPeerChannel backend = TlsPeerChannel.accept(socket, server(), new Random(1), () -> {});
                assertThat(backend.read(ByteBuffer.allocate(10_000))).isPositive();
                byte[] switching = backend.encrypted(TestProxy.switching().getBytes(ISO_8859_1));
                byte[] frames = backend.encrypted(Frame.text("one", false), Frame.text("two", false));
                int cut = place > 1000 ? switching.length + place - 1000 : place > 0 ? place : switching.length + place;
                ByteBuffer all = ByteBuffer.allocate(switching.length + frames.length)
                        .put(switching)
                        .put(frames)
                        .flip();

                socket.write(all.slice(0, cut));
                started.finishReading();
                socket.write(all.slice(cut, all.limit() - cut));

                client.readHead();
                assertThat(client.readFrame().text()).isEqualTo("one");
                assertThat(client.readFrame().text()).isEqualTo("two");
            }
            client.reset();
        }
    }

    /** Records and segments end anywhere, and bursts take several reads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void recordsPassWhereverTheyAreCut(int seed) throws Exception {
        try (ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            TestProxy started = start((InetSocketAddress) listening.getLocalAddress(), null);
            RawPeer client = open(started.connect());
            client.send(TestProxy.handshake());
            Random random = new Random(seed);
            try (SocketChannel socket = listening.accept()) {
                TlsPeerChannel backend = TlsPeerChannel.accept(socket, server(), random, started::finishReading);
                assertThat(backend.read(ByteBuffer.allocate(10_000))).isPositive();
                backend.write(ByteBuffer.wrap(TestProxy.switching().getBytes(ISO_8859_1)));
                client.readHead();

                Messages.ofRandomSizes(20, random, backend, false, client);
            }
            client.reset();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void closeNotifyIsTheEndOfTheInput(String version) throws Exception {
        RawBackend backend = backend(version);
        TestProxy.Pair tunnel = open(start(backend.address(), null).open(backend));
        tunnel.backend().send(Frame.text("last", false));

        tunnel.backend().sendCloseNotify();

        assertThat(tunnel.client().readFrame().text()).isEqualTo("last");
        assertThat(tunnel.client().readFrame().isClose()).isTrue();
        tunnel.client().send(Frame.close(1000, "", true));
        assertThat(tunnel.client().atEnd()).isTrue();
        tunnel.client().close();
        await().untilAsserted(() -> assertThat(proxy.connections().size()).isZero());
    }

    @Test
    void anEndWithoutACloseNotifyIsAnEnd() throws Exception {
        RawBackend backend = backend();
        TestProxy.Pair tunnel = open(start(backend.address(), null).open(backend));
        tunnel.backend().send(Frame.text("last", false));

        tunnel.backend().endOutput();

        assertThat(tunnel.client().readFrame().text()).isEqualTo("last");
        assertThat(tunnel.client().readFrame().isClose()).isTrue();
        tunnel.client().send(Frame.close(1000, "", true));
        assertThat(tunnel.client().atEnd()).isTrue();
        tunnel.client().close();
        await().untilAsserted(() -> assertThat(proxy.connections().size()).isZero());
    }

    @Test
    void aBrokenRecordEndsTheTunnel() throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        RawBackend backend = open(RawBackend.start());
        TestProxy started = start(backend.address(), null);
        RawPeer client = open(started.connect());
        client.send(TestProxy.handshake());
        RawPeer socket = open(backend.acceptPlain());
        RawPeer behind = socket.secureServer(server(), false);
        behind.readHead();
        behind.send(TestProxy.switching());
        client.readHead();

        socket.send(new byte[] {23, 3, 3, 0, 32});
        socket.send(new byte[32]);

        assertThatThrownBy(() -> behind.atEnd()).isInstanceOf(IOException.class);
        await().untilAsserted(() -> assertThat(started.connections().size()).isZero());
    }

    /** OpenSSL's server sends KeyUpdate (RFC 8446 §4.6.3) for a line that begins with K, and asks for an answer. */
    @Test
    void aBackendMayUpdateItsKeysAtAnyTime(@TempDir Path folder) throws Exception {
        OpensslClient.assumeInstalled();
        CHAT.write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        try (OpensslProcess backend = OpensslProcess.start(
                folder,
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-tls1_3",
                "-msg",
                "-cert",
                "tls.crt",
                "-key",
                "tls.key")) {
            backend.readTo("ACCEPT 127.0.0.1:");
            int port = Integer.parseInt(backend.readLine());
            TestProxy started = start(new InetSocketAddress("127.0.0.1", port), null);
            RawPeer client = open(started.connect());
            client.send(TestProxy.handshake());
            backend.readTo("sec-websocket-key");
            backend.type(TestProxy.switching());
            client.readHead();
            for (int round = 0; round < 3; round++) {
                backend.type("K\n");
                backend.readTo(">>> TLS 1.3, Handshake [length 0005], KeyUpdate");
                // The proxy sends its answer no later than its next bytes.
                backend.type(Frame.text("down " + round, false));
                assertThat(client.readFrame().text()).isEqualTo("down " + round);
                client.send(readable("up " + round + "\n"));
                backend.readTo("<<< TLS 1.3, Handshake [length 0005], KeyUpdate");
                backend.readTo("up " + round);
            }
            client.reset();
        }
    }

    /** A frame whose masking key is 0. */
    private static byte[] readable(String text) {
        byte[] payload = text.getBytes(ISO_8859_1);
        return ByteBuffer.allocate(6 + payload.length)
                .put((byte) Frame.TEXT)
                .put((byte) (0x80 | payload.length))
                .putInt(0)
                .put(payload)
                .array();
    }
}
