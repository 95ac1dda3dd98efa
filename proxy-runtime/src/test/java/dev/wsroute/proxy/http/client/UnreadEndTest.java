// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that end while the proxy is not reading them. All timeouts are longer than the tests. */
class UnreadEndTest extends ProxyTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private enum How {
        FIN,
        RST
    }

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        server = open(RawBackend.start(16 * 1024));
        proxy = open(TestProxy.options()
                .to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofMinutes(5)))
                .start());
        client = open(proxy.connect());
    }

    private void go(How how) throws IOException {
        if (how == How.FIN) {
            client.close();
        } else {
            client.reset();
        }
    }

    private RawPeer backend() throws Exception {
        RawPeer backend = open(server.accept());
        backend.readHead();
        return backend;
    }

    private void isNoticedBy(RawPeer backend) throws Exception {
        assertThat(backend.isReset() || backend.atEnd()).isTrue();
        assertThat(proxy.nextLogged().detail()).isEqualTo("The client disconnected.");
        await().untilAsserted(() -> {
            assertThat(proxy.server().clientConnections()).isZero();
            assertThat(proxy.endpoints().openLeases()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({"FIN, 1", "FIN, 1000", "RST, 1", "RST, 1000"})
    void aClientThatDisconnectsAfterPipelinedRequestsEndsTheCurrentOne(How how, int pipelined) throws Exception {
        client.send(GET + GET.repeat(pipelined));
        RawPeer backend = backend();
        proxy.finishReading();

        go(how);

        isNoticedBy(backend);
    }

    @ParameterizedTest
    @CsvSource({"1", "1000"})
    void anEndTogetherWithPipelinedRequestsIsDetected(int pipelined) throws Exception {
        client.send(GET + GET.repeat(pipelined));
        client.close();

        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isZero());
        assertThat(proxy.nextLogged().detail()).isEqualTo("The client disconnected.");
        assertThat(proxy.endpoints().openLeases()).isZero();
    }

    @ParameterizedTest
    @EnumSource(How.class)
    void aClientThatDisconnectsEndsASilentEventStreamDespiteAPipelinedRequest(How how) throws Exception {
        client.send(GET + GET);
        RawPeer backend = backend();
        backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.readHead();

        go(how);

        isNoticedBy(backend);
    }

    @Test
    void aClientThatResetsAnUploadThatTheBackendDoesNotTakeIsNoticed() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
        RawPeer backend = backend();
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> uploading = CompletableFuture.runAsync(() -> upload(sent));
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> before.getAndSet(sent.get()) == sent.get());

        client.reset();

        uploading.join();
        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isZero());
        isNoticedBy(drained(backend));
    }

    private void upload(AtomicLong sent) {
        byte[] piece = new byte[64 * 1024];
        try {
            while (true) {
                client.send(piece);
                sent.addAndGet(piece.length);
            }
        } catch (IOException end) {
            assertThat(sent).hasPositiveValue();
        }
    }

    private static RawPeer drained(RawPeer backend) throws IOException {
        byte[] into = new byte[64 * 1024];
        try {
            while (backend.readSome(into) > 0) {
                // Bytes that were in transit.
            }
        } catch (IOException reset) {
            return backend;
        }
        return backend;
    }

    @Test
    void aClientThatResetsBehindManyEarlyBytesEndsItsHandshake() throws Exception {
        client.send(TestProxy.handshake()).send(new byte[100_000]);
        RawPeer backend = backend();
        proxy.finishReading();

        client.reset();

        isNoticedBy(backend);
    }

    @Test
    void aClientThatEndsItsOutputBehindEarlyBytesStillGetsItsRefusal() throws Exception {
        client.send(TestProxy.handshake()).send(new byte[100]).endOutput();
        RawPeer backend = backend();
        proxy.finishReading();

        backend.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");

        assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
        assertThat(client.readText(2)).isEqualTo("no");
    }

    @Test
    void aClientThatHasClosedBehindEarlyBytesIsNotSentARefusalWithoutEnd() throws Exception {
        client.send(TestProxy.handshake()).send(new byte[100]).close();
        RawPeer backend = backend();
        proxy.finishReading();

        backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

        isNoticedBy(backend);
    }

    @Test
    void aResponseWhoseBackendHasClosedIsPassedWholeToASlowClient() throws Exception {
        client = open(RawPeer.connect(proxy.address(), 4096));
        client.send(GET);
        RawPeer backend = backend();
        byte[] body = new byte[8_000_000];
        body[body.length - 1] = '!';
        CompletableFuture<Void> responding = CompletableFuture.runAsync(() -> {
            try {
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .send(body)
                        .close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        byte[] received = new byte[body.length];
        for (int at = 0; at < received.length; ) {
            at += client.readSome(received, at, Math.min(4096, received.length - at));
        }

        assertThat(received).isEqualTo(body);
        responding.join();
    }
}
