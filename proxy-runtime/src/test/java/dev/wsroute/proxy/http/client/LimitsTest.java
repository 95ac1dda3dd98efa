// SPDX-License-Identifier: Apache-2.0
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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LimitsTest extends ProxyTest {

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
    void aConnectionAboveTheLimitGetsRetryAfterAndIsClosed() throws Exception {
        limit(connections(2));
        tunnel();
        Pair second = tunnel();
        RawPeer third = open(proxy.connect());
        third.send(TestProxy.handshake());

        assertThat(third.readHead())
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 1\r\n")
                .containsIgnoringCase("connection: close\r\n");
        assertThat(third.readToEnd()).isEqualTo("The proxy has reached its connection limit.\n");
        assertThat(metrics.events()).contains("refused connections 503 'apps/echo'");
        second.close();
        third.close();
        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isEqualTo(1));
        tunnel();
    }

    @Test
    void aSlotFreedBeforeTheRequestArrivesIsUsed() throws Exception {
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
    void farBeyondTheLimitConnectionsAreResetUnheard() throws Exception {
        limit(connections(1));
        for (int i = 0; i < 17; i++) {
            open(proxy.connect());
        }

        assertThat(RawPeer.isResetOnArrival(proxy.address())).isTrue();

        assertThat(metrics.events()).contains("refused connections 0 ''");
        assertThat(proxy.server().clientConnections()).isEqualTo(17);
    }

    @Test
    void aLoweredLimitClosesNoConnectionAndAppliesToNewOnes() throws Exception {
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
    void oneClientTooOftenIs429AndOthersComeIn() throws Exception {
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
    void aClientWithoutAProxyInFrontIsCountedByItsConnections() throws Exception {
        limit(perClient(1));
        RawPeer silent = open(proxy.connect());
        await().until(() -> proxy.server().clientConnections() == 1);

        assertThat(askedToUpgrade("X-Forwarded-For: 192.0.2.1")).startsWith("HTTP/1.1 429 ");
        silent.close();
        await().until(() -> proxy.server().clientConnections() == 0);
        tunnel();
    }

    @Test
    void handshakesBeyondTheRateAre503UntilTimeHasPassed() throws Exception {
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
    void handshakesThatWaitForTheirBackendAreLimited() throws Exception {
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
    void aPlainRequestIsNoHandshake() throws Exception {
        limit(new LimitsConfig(null, null, 1, null, null, null, null, null, null));
        tunnel();
        RawPeer client = open(proxy.connect());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        open(server.accept()).send("HTTP/1.1 204 No Content\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
    }
}
