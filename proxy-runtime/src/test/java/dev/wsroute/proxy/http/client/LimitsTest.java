package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest extends ProxyTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final ClientAddressConfig LOCAL_PROXY =
            new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled);

    private final RecordingMetrics metrics = new RecordingMetrics();
    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options().to(server.address()).metrics(metrics).start());
    }

    private void limit(LimitsConfig limits) {
        limit(limits, ClientAddressConfig.DEFAULT);
    }

    private void limit(LimitsConfig limits, ClientAddressConfig addresses) {
        proxy.apply(ProxyTerms.of(limits, addresses));
    }

    private static LimitsConfig connections(int perProxy) {
        return new LimitsConfig(perProxy, null, null, null, null, null, null, null, null);
    }

    private static LimitsConfig perClient(int perClient) {
        return new LimitsConfig(null, perClient, null, null, null, null, null, null, null);
    }

    private String askedToUpgrade(String... headers) throws IOException {
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake(headers));
        return client.readHead();
    }

    private Pair tunnel(String... headers) throws Exception {
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake(headers));
        RawPeer behind = open(server.accept());
        behind.readHead();
        behind.send(TestProxy.switching());
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        return new Pair(client, behind);
    }

    @Test
    void a_connection_too_many_is_told_to_come_again_and_closed() throws Exception {
        limit(connections(2));
        tunnel();
        Pair second = tunnel();
        RawPeer third = open(proxy.connect());
        third.send(TestProxy.handshake());

        assertThat(third.readHead())
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 1\r\n")
                .containsIgnoringCase("connection: close\r\n");
        assertThat(third.readToEnd()).isEqualTo("The proxy has as many connections as it may.\n");
        assertThat(metrics.events()).contains("refused connections 503 'apps/echo'");
        second.close();
        third.close();
        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isEqualTo(1));
        tunnel();
    }

    @Test
    void who_waits_for_a_place_gets_one_that_is_free_when_the_request_comes() throws Exception {
        limit(connections(1));
        Pair first = tunnel();
        RawPeer waiting = open(proxy.connect());
        await().until(() -> proxy.server().clientConnections() == 2);
        first.close();
        await().until(() -> proxy.server().clientConnections() == 1);

        proxy.open(server, waiting);

        assertThat(proxy.connections().size()).isEqualTo(1);
    }

    @Test
    void far_beyond_the_limit_connections_are_reset_unheard() throws Exception {
        limit(connections(1));
        for (int i = 0; i < 17; i++) {
            open(proxy.connect());
        }

        assertThat(RawPeer.isResetOnArrival(proxy.address())).isTrue();

        assertThat(metrics.events()).contains("refused connections 0 ''");
        assertThat(proxy.server().clientConnections()).isEqualTo(17);
    }

    @Test
    void a_lowered_limit_closes_nobody_and_holds_for_who_comes_next() throws Exception {
        Pair first = tunnel();
        Pair second = tunnel();
        limit(connections(1));

        assertThat(askedToUpgrade()).startsWith("HTTP/1.1 503 ");

        first.client().send("x");
        second.client().send("y");
        assertThat(first.client().hearsNothingFor(20)).isTrue();
        assertThat(second.client().hearsNothingFor(1)).isTrue();
        limit(connections(5));
        tunnel();
    }

    @Test
    void one_client_too_often_is_429_and_others_come_in() throws Exception {
        limit(perClient(1), LOCAL_PROXY);
        Pair first = tunnel("X-Forwarded-For: 192.0.2.1");

        assertThat(askedToUpgrade("X-Forwarded-For: 192.0.2.1"))
                .startsWith("HTTP/1.1 429 ")
                .containsIgnoringCase("retry-after: 1\r\n");

        tunnel("X-Forwarded-For: 192.0.2.2");
        tunnel("X-Forwarded-For: 2001:db8:1:2::1");
        assertThat(askedToUpgrade("X-Forwarded-For: 2001:db8:1:2:ffff::2")).startsWith("HTTP/1.1 429 ");
        tunnel("X-Forwarded-For: 2001:db8:1:3::1");
        assertThat(metrics.events()).contains("refused client_connections 429 'apps/echo'");
        first.close();
        await().until(() -> proxy.server().clientConnections() <= 3);
        tunnel("X-Forwarded-For: 192.0.2.1");
    }

    @Test
    void a_client_without_a_proxy_in_front_is_counted_by_its_connections() throws Exception {
        limit(perClient(1));
        RawPeer silent = open(proxy.connect());
        await().until(() -> proxy.server().clientConnections() == 1);

        assertThat(askedToUpgrade("X-Forwarded-For: 192.0.2.1")).startsWith("HTTP/1.1 429 ");
        silent.close();
        await().until(() -> proxy.server().clientConnections() == 0);
        tunnel();
    }

    @Test
    void handshakes_beyond_the_rate_are_503_until_time_has_passed() throws Exception {
        limit(new LimitsConfig(null, null, 2, null, null, null, null, null, null));
        tunnel();
        tunnel();

        assertThat(askedToUpgrade()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1\r\n");

        assertThat(metrics.events()).contains("refused handshake_rate 503 'apps/echo'");
        await().until(() -> {
            RawPeer client = open(proxy.connect());
            client.send(TestProxy.handshake());
            return client.hearsNothingFor(50);
        });
    }

    @Test
    void handshakes_that_wait_for_their_backend_are_limited() throws Exception {
        limit(new LimitsConfig(null, null, null, 1, null, null, null, null, null));
        RawPeer pending = open(proxy.connect());
        pending.send(TestProxy.handshake());
        RawPeer behind = open(server.accept());
        behind.readHead();

        assertThat(askedToUpgrade()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1\r\n");

        assertThat(metrics.events()).contains("refused pending_handshakes 503 'apps/echo'");
        behind.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        assertThat(pending.readHead()).startsWith("HTTP/1.1 403 ");
        RawPeer leaving = open(proxy.connect());
        leaving.send(TestProxy.handshake());
        open(server.accept()).readHead();
        leaving.close();
        await().until(() -> proxy.server().clientConnections() == 0);
        tunnel();
        tunnel();
    }

    @Test
    void a_plain_request_is_no_handshake() throws Exception {
        limit(new LimitsConfig(null, null, 1, null, null, null, null, null, null));
        tunnel();
        RawPeer client = open(proxy.connect());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        open(server.accept()).send("HTTP/1.1 204 No Content\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void a_head_that_is_too_long_in_all_is_431_though_each_part_is_short_enough() throws Exception {
        limit(new LimitsConfig(null, null, null, null, null, null, 1024, null, null));
        RawPeer client = open(proxy.connect());

        client.send("GET /" + "a".repeat(600) + " HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(600) + "\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
        assertThat(metrics.events()).contains("refused too_large 431 ''");
    }

    @Test
    void a_head_of_exactly_the_limit_is_served_with_its_body() throws Exception {
        limit(new LimitsConfig(null, null, null, null, null, null, 1024, null, null));
        String begin = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\nX: ";
        RawPeer client = open(proxy.connect());

        client.send(begin + "b".repeat(1024 - 4 - begin.length()) + "\r\n\r\n" + "c".repeat(2000));

        RawPeer backend = open(server.accept());
        backend.readHead();
        assertThat(backend.readText(2000)).isEqualTo("c".repeat(2000));
    }

    @Test
    void more_headers_than_may_be_are_431() throws Exception {
        limit(new LimitsConfig(null, null, null, null, null, null, null, 10, null));
        RawPeer client = open(proxy.connect());

        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(10) + "\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
        assertThat(client.readToEnd()).isEqualTo("The request has too many headers.\n");
    }

    @Test
    void a_header_too_many_is_431_before_the_head_is_whole() throws Exception {
        RawPeer client = open(proxy.connect());

        client.send("GET / HTTP/1.1\r\n" + "a:\r\n".repeat(101));

        assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
        assertThat(client.readToEnd()).isEqualTo("The request has too many headers.\n");
    }

    @Test
    void a_head_of_as_many_headers_as_may_be_is_served() throws Exception {
        RawPeer client = open(proxy.connect());

        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "a:\r\n".repeat(99) + "\r\n");

        assertThat(open(server.accept()).readHead()).contains("a: \r\n".repeat(99));
    }

    @ParameterizedTest
    @MethodSource("endlessTrailers")
    void trailers_without_end_are_400(String trailers) throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();

        client.send(trailers);

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        assertThat(client.readToEnd()).isEqualTo("The request's trailers are too long, or too many.\n");
        backend.readToEnd();
    }

    static Stream<String> endlessTrailers() {
        return Stream.of("a:\r\n".repeat(101), "a: " + "b".repeat(33_000));
    }

    @Test
    void trailers_without_end_behind_a_response_that_has_begun_end_the_connection() throws Exception {
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
    void trailers_of_a_response_without_end_break_it_off() throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();

        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + "a:\r\n".repeat(1001));

        client.readHead();
        assertThat(client.readToEnd()).isEqualTo("3\r\nabc\r\n");
        assertThat(proxy.nextLogged().detail())
                .isEqualTo("The backend's response is malformed: there are too many headers.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5;%s\r\nhello\r\n0\r\n\r\n", "%s5\r\nhello\r\n0\r\n\r\n", "0;%s\r\n\r\n", "%s"})
    void the_line_before_a_chunk_has_an_end(String chunks) throws Exception {
        RawPeer client = open(proxy.connect());

        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + String.format(chunks, "0".repeat(2000)));

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        assertThat(client.readToEnd()).isEqualTo("The request's body is malformed.\n");
    }

    @Test
    void unfinished_heads_take_so_much_of_the_memory_and_no_more() throws Exception {
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
        assertThat(refused.readToEnd()).isEqualTo("Too many requests are arriving bit by bit.\n");
        // A head that comes in one piece needs none of it.
        tunnel();
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
    void a_head_that_is_dripped_is_408_whatever_the_single_bytes_do() throws Exception {
        limit(new LimitsConfig(null, null, null, null, SHORT, null, null, null, null));
        RawPeer slow = open(proxy.connect());
        slow.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");

        long dripping = System.nanoTime();
        while (slow.hearsNothingFor(20)) {
            assertThat(Duration.ofNanos(System.nanoTime() - dripping)).isLessThan(Duration.ofSeconds(8));
            slow.send("x");
        }

        assertThat(metrics.events()).contains("refused too_slow 408 ''");
    }
}
