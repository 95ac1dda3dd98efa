package dev.wsroute.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long connections wait for requests: those that have served one, and those that are opened before they are needed. */
class KeepAliveTest extends ProxyTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final ClientAddressConfig BALANCER =
            new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled);

    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
    }

    private void limit(Duration handshake, Duration keepAlive, ClientAddressConfig addresses) {
        proxy.apply(ProxyTerms.of(
                new LimitsConfig(null, null, null, null, handshake, keepAlive, null, null, null), addresses));
    }

    private RawPeer served() throws IOException {
        RawPeer client = open(proxy.connect());
        request(client);
        return client;
    }

    private void request(RawPeer client) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ").doesNotContainIgnoringCase("connection: close");
    }

    @Test
    void by_default_they_wait_longer_than_load_balancers_keep_them() {
        assertThat(ProxyLimits.of(LimitsConfig.DEFAULT).keepAliveTimeout()).isEqualTo(Duration.ofSeconds(75));
    }

    @Test
    void a_connection_waits_for_its_next_request_as_long_as_the_configuration_says() throws Exception {
        limit(LONG, SHORT, ClientAddressConfig.DEFAULT);

        assertThat(served().atEnd()).isTrue();
    }

    @Test
    void a_connection_that_has_served_waits_longer_than_a_head_may_take() throws Exception {
        limit(SHORT, LONG, ClientAddressConfig.DEFAULT);
        RawPeer client = served();

        RawPeer silent = open(proxy.connect());
        assertThat(silent.atEnd()).isTrue();

        request(client);
    }

    @Test
    void an_edit_holds_from_the_next_wait_on() throws Exception {
        limit(LONG, LONG, ClientAddressConfig.DEFAULT);
        RawPeer client = served();

        limit(LONG, SHORT, ClientAddressConfig.DEFAULT);
        request(client);

        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void a_connection_that_a_trusted_proxy_opens_ahead_waits_for_its_first_request_as_for_others() throws Exception {
        limit(SHORT, LONG, BALANCER);
        RawPeer ahead = open(proxy.connect());
        await().until(() -> proxy.server().clientConnections() == 1);

        limit(SHORT, LONG, ClientAddressConfig.DEFAULT);
        RawPeer strangers = open(proxy.connect());
        assertThat(strangers.atEnd()).isTrue();

        request(ahead);
    }

    @Test
    void its_first_request_has_to_come_in_time_once_it_has_begun() throws Exception {
        limit(SHORT, LONG, BALANCER);
        RawPeer ahead = open(proxy.connect());

        ahead.send("GET / HTTP/1.1\r\nHost: a\r\n");

        assertThat(ahead.readHead()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void it_is_closed_without_a_word_when_nothing_comes() throws Exception {
        limit(SHORT, Duration.ofMillis(400), BALANCER);

        assertThat(open(proxy.connect()).readToEnd()).isEmpty();
    }

    @Test
    void behind_the_proxy_protocol_it_is_one_clients_and_waits_as_briefly() throws Exception {
        limit(SHORT, LONG, new ClientAddressConfig(BALANCER.trustedProxies(), ProxyProtocol.Accept));
        RawPeer client = open(proxy.connect());

        client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n");

        assertThat(client.atEnd()).isTrue();
    }
}
