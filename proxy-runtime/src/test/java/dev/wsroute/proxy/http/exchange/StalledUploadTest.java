// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.snapshot.BodyRate;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads that make no progress, with a response timeout of half a second. */
@Tag("slow")
class StalledUploadTest extends ProxyTest {

    private static final int TIMEOUT_MILLIS = 500;

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start(16 * 1024));
        proxy = open(TestProxy.options()
                .to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofMillis(TIMEOUT_MILLIS)))
                .start());
        client = open(proxy.connect());
    }

    @AfterEach
    void assertEverythingReleased() {
        await().untilAsserted(() -> assertThat(proxy.endpoints().openLeases()).isZero());
    }

    @Test
    void aClientThatStopsHalfWayGets408AndTheBackendTheEnd() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        RawPeer backend = backend();
        assertThat(backend.readText(3)).isEqualTo("abc");

        assertThat(client.readHead()).startsWith("HTTP/1.1 408 ").containsIgnoringCase("connection: close");
        assertThat(client.readToEnd()).isEqualTo("The request body took too long to arrive.\n");
        assertThat(backend.atEnd()).isTrue();
        assertThat(proxy.nextLogged().status()).isEqualTo(408);
    }

    @Test
    void aSlowClientHasNotStalled() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n");
        RawPeer backend = backend();

        for (int i = 0; i < 6; i++) {
            assertThat(client.hearsNothingFor(TIMEOUT_MILLIS * 3 / 5)).isTrue();
            client.send("x");
        }

        assertThat(backend.readText(6)).isEqualTo("xxxxxx");
        backend.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 201 ");
    }

    /** Each byte arrives in time and is progress, but the whole body would take days. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1000000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nf4240\r\n",
                "Transfer-Encoding: chunked\r\n\r\n1;",
                "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: "
            })
    @Timeout(60)
    void aBodyThatIsDrippedIs408(String begin) throws Exception {
        client = clientWithLeastRate(Duration.ofMillis(100), Duration.ofMillis(TIMEOUT_MILLIS));
        client.send("PUT / HTTP/1.1\r\nHost: a\r\n" + begin);
        RawPeer backend = backend();

        while (client.hearsNothingFor(20)) {
            client.send("x");
        }

        assertThat(client.readToEnd()).startsWith("TTP/1.1 408 ").endsWith("took too long to arrive.\n");
        backend.readToEnd();
    }

    @Test
    void aClientThatKeepsToTheLeastRateMayTakeAsLongAsItLikes() throws Exception {
        client = clientWithLeastRate(Duration.ofSeconds(1), Duration.ofSeconds(60));
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n");
        RawPeer backend = backend();

        for (int i = 0; i < 20; i++) {
            assertThat(client.hearsNothingFor(100)).isTrue();
            client.send("x".repeat(1000));
        }

        assertThat(backend.readText(20_000)).hasSize(20_000);
        backend.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 201 ");
    }

    @Test
    void aRequestThatContinuesDuringItsResponseMayBeSlow() throws Exception {
        client = clientWithLeastRate(Duration.ofSeconds(1), Duration.ofSeconds(60));
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
        RawPeer backend = backend();
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.readHead();

        for (int i = 0; i < 8; i++) {
            assertThat(client.hearsNothingFor(300)).isTrue();
            client.send("1\r\nx\r\n");
        }
        backend.send("3\r\nabc\r\n");

        assertThat(client.readText(8)).isEqualTo("3\r\nabc\r\n");
        client.close();
    }

    @Test
    void aClientThatWaitsToBeLetGoOnIsNotSlow() throws Exception {
        client = clientWithLeastRate(Duration.ofMillis(100), Duration.ofMillis(TIMEOUT_MILLIS));
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        backend();

        assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
    }

    /** The proxy requires a hundred bytes of the body in each window. */
    private RawPeer clientWithLeastRate(Duration window, Duration responseTimeout) throws Exception {
        TestProxy other = open(TestProxy.options()
                .to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, responseTimeout))
                .limits(RequestLimits.DEFAULT.withBodyRate(new BodyRate(window, 100)))
                .start());
        return open(other.connect());
    }

    @Test
    void aBackendThatDoesNotReadTheBodyIs504() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        backend();
        uploadForEver();

        assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
        assertThat(proxy.nextLogged().detail()).isEqualTo("The backend took too long to read the request body.");
    }

    @Test
    void aBackendThatStopsReadingTheBodyDuringItsResponseBreaksTheResponse() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        RawPeer backend = backend();
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        client.readHead();
        uploadForEver();

        assertThat(client.readToEnd()).isEqualTo("3\r\nabc\r\n");
        assertThat(proxy.nextLogged().detail()).isEqualTo("The backend took too long to read the request body.");
    }

    @Test
    void aBackendThatDoesNotAnswerAnExpectationIs504() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        backend();

        assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
    }

    @Test
    void aClientThatSendsNoBodyThoughItMayGoOnIs408() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        backend().send("HTTP/1.1 100 Continue\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
        assertThat(client.readHead()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aSilentEventStreamContinuesEvenIfTheRequestHasNotEnded() throws Exception {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
        RawPeer backend = backend();
        backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.readHead();

        assertThat(client.hearsNothingFor(TIMEOUT_MILLIS * 5 / 2)).isTrue();
        backend.send("3\r\nabc\r\n");

        assertThat(client.readText(8)).isEqualTo("3\r\nabc\r\n");
        client.close();
    }

    private RawPeer backend() throws Exception {
        RawPeer backend = open(server.accept());
        backend.readHead();
        return backend;
    }

    /** Sends more than all buffers on the way can hold, until the connection ends. */
    private void uploadForEver() {
        byte[] piece = new byte[64 * 1024];
        CompletableFuture<Boolean> unused = CompletableFuture.supplyAsync(() -> {
            try {
                while (true) {
                    client.send("10000\r\n").send(piece).send("\r\n");
                }
            } catch (IOException end) {
                return true;
            }
        });
    }
}
