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
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import dev.wsroute.proxy.testkit.TlsPeerChannel;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Behaviour specific to tunnels whose clients use TLS. The other tests of tunnels also run over TLS, with {@code
 * -Dwsroute.test.tls=openssl}.
 */
class TlsWireTest extends ProxyTest {

    private static final byte[] BROKEN_RECORD = record(23, new byte[32]);

    private RawBackend server;
    private @Nullable TestProxy proxy;
    private RawPeer socket;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
    }

    @AfterEach
    void releasesEveryEngine() {
        if (proxy == null) {
            return;
        }
        await().untilAsserted(() -> assertThat(proxy.engines())
                .allSatisfy(
                        engine -> assertThat(engine instanceof ReferenceCounted ? ReferenceCountUtil.refCnt(engine) : 0)
                                .isZero()));
        assertThat(proxy.memory().buffers().budget().used()).isZero();
    }

    private void start(SslProvider engine, String... protocols) throws IOException {
        proxy = open(TestProxy.options()
                .to(server.address())
                .tls(TestTls.server(engine, protocols))
                .start());
    }

    /** Opens a tunnel. {@link #socket} is the client's TCP connection below TLS. */
    private TestProxy.Pair openTunnel() throws IOException {
        socket = open(RawPeer.connect(proxy.address()));
        return open(proxy.open(server, socket.secure(TestTls.clientContext())));
    }

    private static byte[] record(int type, byte[] payload) {
        ByteBuffer record = ByteBuffer.allocate(5 + payload.length);
        record.put((byte) type)
                .putShort((short) 0x0303)
                .putShort((short) payload.length)
                .put(payload);
        return record.array();
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL_REFCNT, TLSv1.2", "OPENSSL_REFCNT, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void messagesOfEverySizePassBothWaysWithEveryEngineAndVersion(SslProvider engine, String version) throws Exception {
        start(engine, version);
        TestProxy.Pair tunnel = openTunnel();

        Messages.ofEverySize(tunnel);

        tunnel.client().send(Frame.close(1000, "", true));
        assertThat(tunnel.backend().readFrame().closeCode()).isEqualTo(1000);
        tunnel.backend().send(Frame.close(1000, "", false));
        assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1000);
        assertThat(tunnel.client().atEnd()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void aBrokenRecordResetsBothSides(SslProvider engine) throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        start(engine);
        TestProxy.Pair tunnel = openTunnel();
        tunnel.client().send(Frame.text("whole", true));

        socket.send(BROKEN_RECORD);

        assertThat(tunnel.backend().isReset()).isTrue();
        assertThatThrownBy(() -> tunnel.client().atEnd()).isInstanceOf(IOException.class);
        assertThat(FailurePoint.values())
                .allSatisfy(point -> assertThat(proxy.failures().count(point)).isZero());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void aRecordThatIsTooLongResetsBothSides(SslProvider engine) throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        start(engine);
        TestProxy.Pair tunnel = openTunnel();

        socket.send(new byte[] {23, 3, 3, (byte) 0xff, (byte) 0xff});

        assertThat(tunnel.backend().isReset()).isTrue();
        assertThatThrownBy(() -> tunnel.client().atEnd()).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void anEndWithinARecordIsAnEnd(SslProvider engine) throws Exception {
        start(engine);
        TestProxy.Pair tunnel = openTunnel();
        tunnel.client().send(Frame.text("whole", true));

        socket.send(BROKEN_RECORD, 0, 20);
        socket.endOutput();

        assertThat(tunnel.backend().readFrame().text()).isEqualTo("whole");
        assertThat(tunnel.backend().atEnd()).isTrue();
        tunnel.backend().endOutput();
        assertThat(tunnel.client().atEnd()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL_REFCNT, TLSv1.2", "OPENSSL_REFCNT, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void closeNotifyIsTheEndOfTheInput(SslProvider engine, String version) throws Exception {
        start(engine, version);
        TestProxy.Pair tunnel = openTunnel();
        tunnel.client().send(Frame.text("last", true));

        tunnel.client().sendCloseNotify();

        assertThat(tunnel.backend().readFrame().text()).isEqualTo("last");
        assertThat(tunnel.backend().atEnd()).isTrue();
        tunnel.backend().endOutput();
        await().untilAsserted(() -> assertThat(proxy.connections().size()).isZero());
    }

    @Test
    void theMemoryOfAnUnfinishedRecordIsReserved() throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        start(SslProvider.OPENSSL_REFCNT);
        TestProxy.Pair tunnel = openTunnel();
        byte[] record = record(23, new byte[16_000]);

        socket.send(record, 0, 10_000);

        await().untilAsserted(() ->
                assertThat(proxy.memory().buffers().budget().used()).isBetween(10_000L, 20_000L));
        tunnel.client().reset();
        await().untilAsserted(() ->
                assertThat(proxy.memory().buffers().budget().used()).isZero());
    }

    /** Records and segments end anywhere, and bursts take several reads. */
    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void recordsPassWhereverTheyAreCut(SslProvider engine) throws Exception {
        start(engine);
        Random random = new Random(7);
        try (SocketChannel channel = SocketChannel.open(proxy.address())) {
            TlsPeerChannel client = TlsPeerChannel.connect(channel, random, proxy::finishReading);
            client.write(ByteBuffer.wrap(TestProxy.handshake().getBytes(ISO_8859_1)));
            RawPeer backend = open(server.accept());
            backend.readHead();
            backend.send(TestProxy.switching());

            Messages.ofRandomSizes(50, random, client, true, backend);
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordsThatTheHandlerHasReadAndNotDecryptedReachTheWire(TlsEcho.Driver driver) throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        try (TlsEcho echo = new TlsEcho(driver);
                TlsEcho.Client client = echo.connect()) {
            ByteBuffer[] messages = new ByteBuffer[20];
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < messages.length; i++) {
                String message = "message " + i + "; ";
                all.append(message);
                messages[i] = ByteBuffer.wrap(message.getBytes(ISO_8859_1));
            }

            assertThat(ISO_8859_1.decode(client.echo(messages)).toString()).isEqualTo(all.toString());
        }
    }

    @Test
    void closeAndCloseNotifyLeaveTogether() throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        start(SslProvider.OPENSSL_REFCNT, "TLSv1.2");
        try (SocketChannel channel = SocketChannel.open(proxy.address())) {
            TlsPeerChannel client = TlsPeerChannel.connect(channel, new Random(1), () -> {});
            client.write(ByteBuffer.wrap(TestProxy.handshake().getBytes(ISO_8859_1)));
            RawPeer backend = open(server.accept());
            backend.readHead();
            backend.send(TestProxy.switching());
            assertThat(client.read(ByteBuffer.allocate(1000))).isPositive();
            client.write(ByteBuffer.wrap(Frame.close(1000, "", true)));
            backend.readFrame();

            backend.send(Frame.close(1000, "", false));

            ByteBuffer records = ByteBuffer.allocate(1000);
            channel.read(records);
            int close = 5 + records.getShort(3);
            assertThat(records.get(0))
                    .as("the first record is application data")
                    .isEqualTo((byte) 23);
            assertThat(records.get(close)).as("the second one is an alert").isEqualTo((byte) 21);
            assertThat(records.position()).isEqualTo(close + 5 + records.getShort(close + 3));
            assertThat(channel.read(records)).as("the end of the stream").isEqualTo(-1);
        }
    }

    /** OpenSSL's client sends KeyUpdate (RFC 8446 §4.6.3) for a line that begins with K. */
    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void keysMayBeUpdatedAtAnyTime(SslProvider engine, @TempDir Path folder) throws Exception {
        OpensslClient.assumeInstalled();
        start(engine, "TLSv1.3");
        String address = "127.0.0.1:" + proxy.address().getPort();
        try (OpensslProcess client = OpensslProcess.start(folder, "s_client", "-connect", address)) {
            client.type(TestProxy.handshake());
            RawPeer backend = open(server.accept());
            backend.readHead();
            backend.send(TestProxy.switching());
            client.readTo("Sec-WebSocket-Accept");
            for (int round = 0; round < 3; round++) {
                client.type("K\n");
                client.readTo("KEYUPDATE");
                client.type(Frame.text("up " + round, true));
                assertThat(backend.readFrame().text()).isEqualTo("up " + round);
                backend.send(Frame.text("down " + round, false));
                client.readTo("down " + round);
            }
        }
    }

    @Test
    void anEndIsTruncatedNowhere() throws Exception {
        start(SslProvider.OPENSSL_REFCNT);
        RawPeer client = open(RawPeer.connect(proxy.address())).secure(TestTls.clientContext());

        client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\nConnection: close\r\n\r\n");

        assertThat(client.readToEnd()).startsWith("HTTP/1.1 404 ");
    }
}
