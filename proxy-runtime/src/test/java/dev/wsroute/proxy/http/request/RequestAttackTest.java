// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class RequestAttackTest extends ProxyTest {

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
        client = open(proxy.connect());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc",
                "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\nGET /x H",
                "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n",
                "G\u0001T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PROXY TCP4 6.6.6.6 1.1.1.1 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void whatTwoProgramsCouldReadDifferentlyIs400AndReachesNoBackend(String request) throws Exception {
        client.send(request);

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
        client.readToEnd();
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"})
    void connectAndTraceAre405(String request) throws Exception {
        client.send(request);

        assertThat(client.readHead()).startsWith("HTTP/1.1 405 ");
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    @Test
    void anotherProtocolVersionIs505() throws Exception {
        client.send("GET / HTTP/1.2\r\nHost: a\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 505 ");
    }

    @Test
    void aRequestLineThatIsTooLongIs414() throws Exception {
        client.send("GET /" + "a".repeat(32768) + " HTTP/1.1\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 414 ");
    }

    @Test
    void headersThatAreTooLongAre431() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + ("X-Filler: " + "a".repeat(1000) + "\r\n").repeat(40));

        assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void aRequestHeadThatArrivesTooSlowlyIs408() throws Exception {
        TestProxy impatient = open(TestProxy.options()
                .to(server.address())
                .limits(RequestLimits.DEFAULT.withTimeouts(
                        Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(1)))
                .start());
        RawPeer slow = open(impatient.connect());
        slow.send("GET / HTTP/1.1\r\nHost: a\r\n");

        assertThat(slow.readHead()).startsWith("HTTP/1.1 408 ");
        slow.readToEnd();
    }

    @Test
    void aSilentConnectionIsClosed() throws Exception {
        TestProxy impatient = open(TestProxy.options()
                .to(server.address())
                .limits(RequestLimits.DEFAULT.withTimeouts(
                        Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(1)))
                .start());
        RawPeer silent = open(impatient.connect());

        assertThat(silent.atEnd()).isTrue();
    }

    @Test
    void aSecondRequestThatArrivesTooSlowlyIs408() throws Exception {
        TestProxy impatient = open(TestProxy.options()
                .to(server.address())
                .limits(RequestLimits.DEFAULT.withTimeouts(
                        Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(1)))
                .start());
        RawPeer slow = open(impatient.connect());
        slow.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\nGET / HTT");

        assertThat(slow.readHead()).startsWith("HTTP/1.1 404 ");
        slow.readText("No route for this host and path.\n".length());
        assertThat(slow.readHead()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void pipelinedRequestsWaitForTheFormerResponse() throws Exception {
        client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50));

        for (int i = 0; i < 50; i++) {
            RawPeer backend = open(server.accept());
            assertThat(backend.readHead()).startsWith("GET /1 ");
            if (i < 3) {
                assertThat(server.isLeftAloneFor(30)).isTrue();
            }
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            client.read(1);
        }
    }

    /** CVE-2026-100658. */
    @Test
    void aFloodOfPipelinedRequestsIsNotReadIntoMemory() throws Exception {
        client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();
        byte[] flood = "GET /flood HTTP/1.1\r\nHost: a\r\n\r\n".repeat(4000).getBytes(ISO_8859_1);
        Thread flooding = new Thread(() -> {
            try {
                for (int i = 0; i < 500; i++) {
                    client.send(flood);
                }
            } catch (IOException closedAtTheEndOfTheTest) {
                Thread.currentThread().interrupt();
            }
        });
        flooding.setDaemon(true);
        flooding.start();

        flooding.join(1000);

        // 62 MB do not fit into the kernel's buffers, so the flood was stopped.
        assertThat(flooding.isAlive()).isTrue();
        assertThat(server.isLeftAloneFor(20)).isTrue();
        client.close();
        flooding.join();
    }
}
