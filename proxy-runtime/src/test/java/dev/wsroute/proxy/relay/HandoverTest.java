// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that both sides send before the tunnel is open arrive once and in order, wherever the network splits them. */
@Tag("slow")
class HandoverTest extends ProxyTest {

    /** Bytes between two cuts. Over TLS each piece is a record, and {@link RandomHandoversTest} cuts records anywhere. */
    private static final int STRIDE = System.getProperty("wsroute.test.tls") == null ? 1 : 11;

    /** What a side sends together with its head. */
    private enum Early {
        NOTHING,
        FRAME,
        FRAME_AND_CLOSE
    }

    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void startProxy() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
    }

    private static byte[] frames(String who, Early early, boolean masked) {
        return switch (early) {
            case NOTHING -> new byte[0];
            case FRAME -> Frame.text(who, masked);
            case FRAME_AND_CLOSE -> concat(Frame.text(who, masked), Frame.close(1000, "done", masked));
        };
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    /** Sends two pieces, the second one after the proxy has read the first. */
    private void send(RawPeer peer, byte[] all, int cut) throws Exception {
        peer.send(all, 0, cut);
        if (cut < all.length) {
            proxy.finishReading();
            peer.send(all, cut, all.length - cut);
        }
    }

    /** Both sides receive everything, and the tunnel continues or ends according to what they sent. */
    private void play(Early early, int requestCut, Early answer, int switchingCut) throws Exception {
        byte[] fromClient = frames("client", early, true);
        byte[] fromBackend = frames("backend", answer, false);
        try (RawPeer client = proxy.connect()) {
            send(client, concat(bytes(TestProxy.handshake()), fromClient), requestCut);
            try (RawPeer backend = server.accept()) {
                backend.readHead();
                send(backend, concat(bytes(TestProxy.switching()), fromBackend), switchingCut);

                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
                assertThat(client.read(fromBackend.length)).isEqualTo(fromBackend);
                assertThat(backend.read(fromClient.length)).isEqualTo(fromClient);
                finish(client, early == Early.FRAME_AND_CLOSE, backend, answer == Early.FRAME_AND_CLOSE);
            }
        }
    }

    private static void finish(RawPeer client, boolean clientClosed, RawPeer backend, boolean backendClosed)
            throws IOException {
        if (!clientClosed && !backendClosed) {
            client.send(Frame.text("later", true));
            assertThat(backend.readFrame().text()).isEqualTo("later");
            backend.send(Frame.text("late", false));
            assertThat(client.readFrame().text()).isEqualTo("late");
        }
        if (!clientClosed) {
            client.send(Frame.close(1000, "done", true));
            assertThat(backend.readFrame().isClose()).isTrue();
        }
        if (!backendClosed) {
            backend.send(Frame.close(1000, "done", false));
            assertThat(client.readFrame().isClose()).isTrue();
        }
        assertThat(client.atEnd()).isTrue();
        assertThat(backend.atEnd()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "NOTHING, NOTHING",
        "NOTHING, FRAME",
        "NOTHING, FRAME_AND_CLOSE",
        "FRAME, NOTHING",
        "FRAME, FRAME",
        "FRAME, FRAME_AND_CLOSE",
        "FRAME_AND_CLOSE, NOTHING",
        "FRAME_AND_CLOSE, FRAME",
        "FRAME_AND_CLOSE, FRAME_AND_CLOSE"
    })
    void everythingArrivesWhereverRequestAndResponseAreSplit(Early client, Early backend) throws Exception {
        int request = TestProxy.handshake().length() + frames("client", client, true).length;
        int switching = TestProxy.switching().length() + frames("backend", backend, false).length;

        for (int cut = 1; cut <= request; cut += STRIDE) {
            play(client, cut, backend, switching);
        }
        for (int cut = 1; cut <= switching; cut += STRIDE) {
            play(client, request, backend, cut);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2500, 2500", "100, 300000", "300000, 100", "300000, 300000"})
    void completeEarlyMessagesArrive(int fromClient, int fromBackend) throws Exception {
        byte[] early = Frame.encode(Frame.BINARY, new byte[fromClient], true);
        byte[] answer = Frame.encode(Frame.BINARY, new byte[fromBackend], false);
        try (RawPeer client = proxy.connect()) {
            Thread sending = new Thread(() -> {
                try {
                    client.send(concat(bytes(TestProxy.handshake()), early));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sending.start();
            try (RawPeer backend = server.accept()) {
                backend.readHead();
                backend.send(concat(bytes(TestProxy.switching()), answer));

                client.readHead();
                assertThat(client.read(answer.length)).isEqualTo(answer);
                assertThat(backend.read(early.length)).isEqualTo(early);
                sending.join();
            }
        }
    }

    @Test
    void allEarlyBytesOfAClientThatEndsItsOutputArrive() throws Exception {
        RawPeer client = open(proxy.connect());
        client.send(concat(bytes(TestProxy.handshake()), Frame.text("early", true)));
        client.endOutput();
        RawPeer backend = open(server.accept());
        backend.readHead();
        proxy.finishReading();

        backend.send(concat(bytes(TestProxy.switching()), Frame.text("hello", false)));

        client.readHead();
        assertThat(client.readFrame().text()).isEqualTo("hello");
        assertThat(backend.readFrame().text()).isEqualTo("early");
        assertThat(backend.atEnd()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Early.class)
    void allBytesOfABackendThatEndsRightAfterItsHeadArrive(Early client) throws Exception {
        RawPeer peer = open(proxy.connect());
        peer.send(concat(bytes(TestProxy.handshake()), frames("client", client, true)));
        RawPeer backend = open(server.accept());
        backend.readHead();

        backend.send(concat(bytes(TestProxy.switching()), Frame.text("hello", false)));
        backend.endOutput();

        peer.readHead();
        assertThat(peer.readFrame().text()).isEqualTo("hello");
        if (client == Early.FRAME_AND_CLOSE) {
            assertThat(peer.atEnd()).isTrue();
        } else {
            assertThat(peer.readFrame().closeCode()).isEqualTo(1012);
        }
    }

    @Test
    void theUnreadRestOfAnEarlierResponseComesBeforeThe101() throws Exception {
        RawPeer client = open(proxy.connect(4096));
        byte[] body = new byte[8_000_000];
        client.send("GET /large HTTP/1.1\r\nHost: chat.example.com\r\n\r\n" + TestProxy.handshake());
        client.send(Frame.text("early", true));
        RawPeer plain = open(server.accept());
        plain.readHead();
        Thread responding = new Thread(() -> {
            try {
                plain.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                plain.send(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        responding.start();
        client.readHead();
        int read = 0;
        RawPeer backend = server.poll();
        while (backend == null) {
            // Reads just enough to make the proxy read the next request.
            read += client.readSome(body, 0, 4096);
            backend = server.poll();
        }
        open(backend);
        backend.readHead();

        backend.send(concat(bytes(TestProxy.switching()), Frame.text("hello", false)));
        proxy.finishReading();

        assertThat(backend.readFrame().text()).isEqualTo("early");
        assertThat(client.read(body.length - read)).hasSize(body.length - read);
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(client.readFrame().text()).isEqualTo("hello");
        responding.join();
    }

    @Test
    void aClientThatResetsBeforeThe101LeavesNothingBehind() throws Exception {
        RawPeer client = open(proxy.connect());
        client.send(concat(bytes(TestProxy.handshake()), Frame.text("early", true)));
        RawPeer backend = open(server.accept());
        backend.readHead();

        client.reset();
        proxy.finishReading();
        backend.send(concat(bytes(TestProxy.switching()), Frame.text("hello", false)));

        assertThat(backend.isReset() || backend.atEnd()).isTrue();
        await().untilAsserted(() -> {
            assertThat(proxy.connections().size()).isZero();
            assertThat(proxy.endpoints().openLeases()).isZero();
            assertThat(proxy.server().clientConnections()).isZero();
        });
    }
}
