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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exchanges that one side aborts or does not complete in time. */
class BrokenExchangeTest extends ProxyTest {

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
    void aResponseBeforeTheEndOfTheUploadIsForwarded() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc");
        RawPeer backend = backend();
        backend.readHead();
        backend.readText(3);
        backend.send("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbig!");
        backend.close();

        assertThat(client.readHead()).startsWith("HTTP/1.1 413 Too Large\r\n");
        assertThat(client.readText(4)).isEqualTo("big!");
        assertThat(client.atEnd()).isTrue();
        assertEverythingReleased();
    }

    @Test
    void aBodyThatEndsWithAResetIsNotConsideredComplete() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\n\r\npart");
        client.readHead();
        assertThat(client.readText(9)).isEqualTo("4\r\npart\r\n");

        backend.reset();

        assertThat(client.readToEnd()).isEmpty();
        assertEverythingReleased();
    }

    @Test
    void aClientOfHttp10IsResetThen() throws Exception {
        client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\n\r\npart");
        client.readHead();
        assertThat(client.readText(4)).isEqualTo("part");

        backend.reset();

        assertThat(client.isReset()).isTrue();
    }

    @Test
    void aBackendThatTakesTooLongIs504() throws Exception {
        TestProxy impatient = open(TestProxy.options()
                .to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofMillis(200)))
                .start());
        RawPeer waiting = open(impatient.connect());
        waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();

        assertThat(waiting.readHead()).startsWith("HTTP/1.1 504 ");
        assertThat(backend.atEnd()).isTrue();
    }

    @Test
    void theResponseTimeoutIsOverWithTheResponsesHead() throws Exception {
        TestProxy impatient = open(TestProxy.options()
                .to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofMillis(200)))
                .start());
        RawPeer waiting = open(impatient.connect());
        waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
        waiting.readHead();

        assertThat(waiting.hearsNothingFor(400)).isTrue();
        backend.send("abc");
        assertThat(waiting.readText(3)).isEqualTo("abc");
    }

    @Test
    void aBackendThatClosesWithoutAResponseIs502() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.close();

        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
        assertThat(client.readText("The backend closed the connection.\n".length()))
                .isEqualTo("The backend closed the connection.\n");
    }

    @Test
    void aBackendThatDiesWithinItsResponseEndsTheClientsConnection() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        client.readHead();
        assertThat(client.readText(3)).isEqualTo("abc");

        backend.close();

        assertThat(client.atEnd()).isTrue();
        assertThat(proxy.nextLogged().detail()).isEqualTo("The backend closed the connection.");
    }

    @Test
    void aChunkedResponseThatBreaksOffIsNotEndedProperly() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        client.readHead();

        backend.close();

        assertThat(client.readToEnd()).isEqualTo("3\r\nabc\r\n");
    }

    @Test
    void aBrokenOffResponseToAnHttp10ClientIsAReset() throws Exception {
        client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        client.readHead();
        client.read(3);

        backend.close();

        assertThat(client.isReset()).isTrue();
    }

    @Test
    void aMalformedChunkInTheRequestIs400() throws Exception {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        assertEverythingReleased();
    }
}
