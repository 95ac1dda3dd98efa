// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits on heads, trailers and the lines between chunks. */
class MessageLimitsTest extends ProxyTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    private final RecordingMetrics metrics = new RecordingMetrics();
    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options().to(server.address()).metrics(metrics).start());
    }

    private void limit(LimitsConfig limits) {
        proxy.apply(ProxyTerms.of(limits, ClientAddressConfig.DEFAULT));
    }

    @Test
    void aHeadThatIsTooLongInAllIs431ThoughEachPartIsShortEnough() throws Exception {
        limit(new LimitsConfig(null, null, null, null, null, null, 1024, null, null));
        RawPeer client = open(proxy.connect());

        client.send("GET /" + "a".repeat(600) + " HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(600) + "\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
        assertThat(metrics.events()).contains("refused too_large 431 ''");
    }

    @Test
    void aHeadOfExactlyTheLimitIsServedWithItsBody() throws Exception {
        limit(new LimitsConfig(null, null, null, null, null, null, 1024, null, null));
        String begin = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\nX: ";
        RawPeer client = open(proxy.connect());

        client.send(begin + "b".repeat(1024 - 4 - begin.length()) + "\r\n\r\n" + "c".repeat(2000));

        RawPeer backend = open(server.accept());
        backend.readHead();
        assertThat(backend.readText(2000)).isEqualTo("c".repeat(2000));
    }

    @Test
    void moreHeadersThanMayBeAre431() throws Exception {
        limit(new LimitsConfig(null, null, null, null, null, null, null, 10, null));
        RawPeer client = open(proxy.connect());

        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(10) + "\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
        assertThat(client.readToEnd()).isEqualTo("The request has too many headers.\n");
    }

    @Test
    void aHeaderTooManyIs431BeforeTheHeadIsWhole() throws Exception {
        RawPeer client = open(proxy.connect());

        client.send("GET / HTTP/1.1\r\n" + "a:\r\n".repeat(101));

        assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
        assertThat(client.readToEnd()).isEqualTo("The request has too many headers.\n");
    }

    @Test
    void aHeadOfAsManyHeadersAsMayBeIsServed() throws Exception {
        RawPeer client = open(proxy.connect());

        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "a:\r\n".repeat(99) + "\r\n");

        assertThat(open(server.accept()).readHead()).contains("a: \r\n".repeat(99));
    }

    @ParameterizedTest
    @MethodSource("endlessTrailers")
    void trailersWithoutEndAre400(String trailers) throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();

        client.send(trailers);

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        assertThat(client.readToEnd()).isEqualTo("The request trailers are too long or too many.\n");
        backend.readToEnd();
    }

    static Stream<String> endlessTrailers() {
        return Stream.of("a:\r\n".repeat(101), "a: " + "b".repeat(33_000));
    }

    @Test
    void trailersWithoutEndBehindAResponseThatHasBegunEndTheConnection() throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        client.readHead();

        client.send("a:\r\n".repeat(101));

        assertThat(client.readToEnd()).isEqualTo("3\r\nabc\r\n");
    }

    @Test
    void trailersOfAResponseWithoutEndBreakItOff() throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();

        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + "a:\r\n".repeat(1001));

        client.readHead();
        assertThat(client.readToEnd()).isEqualTo("3\r\nabc\r\n");
        assertThat(proxy.nextLogged().detail())
                .isEqualTo("The backend's response is malformed: it has too many headers.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5;%s\r\nhello\r\n0\r\n\r\n", "%s5\r\nhello\r\n0\r\n\r\n", "0;%s\r\n\r\n", "%s"})
    void theLineBeforeAChunkHasAnEnd(String chunks) throws Exception {
        RawPeer client = open(proxy.connect());

        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + String.format(chunks, "0".repeat(2000)));

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        assertThat(client.readToEnd()).isEqualTo("The request body is malformed.\n");
    }

    @Test
    void unfinishedHeadsTakeSoMuchOfTheMemoryAndNoMore() throws Exception {
        limit(new LimitsConfig(null, null, null, null, null, null, 1 << 20, null, null));
        String unfinished = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(1_000_000);
        List<RawPeer> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(open(proxy.connect()).send(unfinished));
        }
        await().until(() -> metrics.events().contains("refused unfinished_heads 503 ''"));
        RawPeer refused = null;
        for (RawPeer client : clients) {
            if (refused == null && !client.hearsNothingFor(1)) {
                refused = client;
            }
        }

        assertThat(refused).isNotNull();
        assertThat(refused.readHead())
                .startsWith("TTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 1\r\n")
                .containsIgnoringCase("connection: close\r\n");
        assertThat(refused.readToEnd()).isEqualTo("Too many incomplete requests.\n");
        // A head that arrives in one piece reserves nothing.
        open(proxy.open(server));
        for (RawPeer client : clients) {
            client.close();
        }
        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isEqualTo(1));
        RawPeer later = open(proxy.connect());
        later.send(unfinished);
        assertThat(later.hearsNothingFor(20)).isTrue();
        later.send("\r\n\r\n");
        assertThat(open(server.accept()).readHead()).contains("X: bbb");
    }

    @Test
    @Timeout(60)
    void aHeadThatIsDrippedIs408WhateverTheSingleBytesDo() throws Exception {
        limit(new LimitsConfig(null, null, null, null, SHORT, null, null, null, null));
        RawPeer slow = open(proxy.connect());
        slow.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");

        while (slow.hearsNothingFor(20)) {
            slow.send("x");
        }

        assertThat(metrics.events()).contains("refused too_slow 408 ''");
    }
}
