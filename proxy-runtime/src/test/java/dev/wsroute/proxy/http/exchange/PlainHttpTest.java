// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainHttpTest extends ProxyTest {

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
        client = open(proxy.connect());
    }

    private RawPeer backend() throws Exception {
        return open(server.accept());
    }

    private void assertEverythingReleased() {
        await().untilAsserted(() -> assertThat(proxy.endpoints().openLeases()).isZero());
    }

    @Test
    void requestAndResponsePassWithTheirEndToEndHeaders() throws Exception {
        client.send("DELETE /a?b=c HTTP/1.1\r\nHost: a.example\r\nTE: trailers\r\nProxy-Authorization: x\r\n"
                + "Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nX-Id: 7\r\n\r\n");
        RawPeer backend = backend();
        String request = backend.readHead();
        backend.send("HTTP/1.1 202 Sure Thing\r\nContent-Length: 4\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"
                + "Connection: close, X-Inner\r\nX-Inner: 1\r\nKeep-Alive: timeout=1\r\n\r\nbody");
        String response = client.readHead();

        assertThat(request).startsWith("DELETE /a?b=c HTTP/1.1\r\n").contains("Host: a.example\r\n", "X-Id: 7\r\n");
        assertThat(request).contains("X-Forwarded-For: 127.0.0.1\r\n");
        assertThat(request.toLowerCase(Locale.ROOT))
                .contains("connection: close\r\n")
                .doesNotContain("x-hop", "te: trailers", "proxy-authorization");
        assertThat(response).startsWith("HTTP/1.1 202 Sure Thing\r\n");
        assertThat(response).containsSubsequence("Set-Cookie: a\r\n", "Set-Cookie: b\r\n");
        assertThat(response.toLowerCase(Locale.ROOT)).doesNotContain("x-inner", "keep-alive", "connection");
        assertThat(client.readText(4)).isEqualTo("body");
        assertThat(backend.atEnd()).isTrue();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().status()).isEqualTo(202);
    }

    @Test
    void aConnectionServesOneRequestAfterAnother() throws Exception {
        for (int i = 0; i < 3; i++) {
            client.send("POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            RawPeer backend = backend();
            assertThat(backend.readHead()).startsWith("POST /" + i + " ");
            assertThat(backend.readText(3)).isEqualTo("abc");
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.readText(2)).isEqualTo("ok");
        }
    }

    @Test
    void aRefusedRequestLeavesTheConnectionUsable() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
        assertThat(client.readText(33)).isEqualTo("No route for this host and path.\n");

        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(backend().readHead()).startsWith("GET / ");
    }

    @Test
    void serverSentEventsArriveAtOnce() throws Exception {
        client.send("GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");

        for (int i = 0; i < 3; i++) {
            backend.send("9\r\ndata: " + i + "\n\n\r\n");
            assertThat(client.readText(14)).isEqualTo("9\r\ndata: " + i + "\n\n\r\n");
        }
        client.close();

        assertThat(backend.atEnd()).isTrue();
        assertEverythingReleased();
    }

    @Test
    void chunksPassInBothDirectionsAndUnlistedTrailersDoNot() throws Exception {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n");
        RawPeer backend = backend();
        assertThat(backend.readHead()).containsIgnoringCase("transfer-encoding: chunked\r\n");
        assertThat(backend.readText(13)).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");

        assertThat(client.readHead()).containsIgnoringCase("transfer-encoding: chunked\r\n");
        assertThat(client.readText(12)).isEqualTo("2\r\nok\r\n0\r\n\r\n");
    }

    @Test
    void aBodyThatEndsWithTheConnectionBecomesChunked() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\n\r\nhello");
        backend.endOutput();

        assertThat(client.readHead()).containsIgnoringCase("transfer-encoding: chunked\r\n");
        assertThat(client.readText(15)).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
    }

    @Test
    void aClientOfHttp10GetsAnUnchunkedBodyAndTheEnd() throws Exception {
        client.send("GET / HTTP/1.0\r\n\r\n");
        RawPeer backend = backend();
        assertThat(backend.readHead()).startsWith("GET / HTTP/1.1\r\n").containsIgnoringCase("host: ");
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        assertThat(client.readHead()).doesNotContainIgnoringCase("chunked").containsIgnoringCase("connection: close");
        assertThat(client.readToEnd()).isEqualTo("hello");
    }

    @Test
    void responsesWithoutBodyKeepTheirLengthHeader() throws Exception {
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer first = backend();
        first.readHead();
        first.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        assertThat(client.readHead()).contains("Content-Length: 1000\r\n");

        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer second = backend();
        second.readHead();
        second.send("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 304 ");

        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer third = backend();
        third.readHead();
        third.send("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ").doesNotContainIgnoringCase("chunked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n", ""})
    void a205HasNoContentWhateverTheBackendSends(String framing) throws Exception {
        client.send("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 205 Reset Content\r\n" + framing + "\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 205 ").contains("Content-Length: 0\r\n");
        client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(backend().readHead()).startsWith("GET /next ");
    }

    @Test
    void expectationsAreMetByTheBackend() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        RawPeer backend = backend();
        assertThat(backend.readHead()).contains("Expect: 100-continue\r\n");
        backend.send("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 100 Continue\r\n");
        client.send("abc");
        assertThat(backend.readText(3)).isEqualTo("abc");

        backend.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 201 Created\r\n");
    }

    @Test
    void rulesThatRejectPlainHttpAnswer426() throws Exception {
        TestProxy strict = open(TestProxy.options()
                .to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Reject, Duration.ofSeconds(1)))
                .start());
        RawPeer plain = open(strict.connect());
        plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(plain.readHead()).startsWith("HTTP/1.1 426 ").containsIgnoringCase("upgrade: websocket");
    }
}
