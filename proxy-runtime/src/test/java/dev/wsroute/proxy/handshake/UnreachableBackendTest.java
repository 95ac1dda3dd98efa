// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handshakes whose backends cannot be reached, or do not answer. */
class UnreachableBackendTest extends ProxyTest {

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
    void aBackendThatTakesTooLongToUpgradeIs504() throws Exception {
        TestProxy impatient = open(TestProxy.options()
                .to(server.address())
                .timeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(200), null, Duration.ofSeconds(60)))
                .start());
        RawPeer waiting = open(impatient.connect());
        waiting.send(TestProxy.handshake());
        RawPeer backend = backend();
        backend.readHead();

        assertThat(waiting.readHead()).startsWith("HTTP/1.1 504 ");
        assertThat(backend.atEnd()).isTrue();
        assertThat(impatient.endpoints().openLeases()).isZero();
    }

    @Test
    void aClientThatDisconnectsDuringTheHandshakeLeavesNothingBehind() throws Exception {
        client.send(TestProxy.handshake());
        RawPeer backend = backend();
        backend.readHead();

        client.close();

        assertThat(backend.atEnd()).isTrue();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().status()).isZero();
    }

    @Test
    void anotherEndpointIsTriedWhenOneRefusesTheConnection() throws Exception {
        TestProxy retrying = open(TestProxy.options()
                .to(refusingAddress())
                .to(refusingAddress())
                .to(server.address())
                .start());

        open(retrying.open(server, open(retrying.connect())));

        assertThat(retrying.endpoints().connectFailures()).isEqualTo(2);
        assertThat(retrying.endpoints().openLeases()).isOne();
    }

    @Test
    void noMoreEndpointsAreTriedThanTheRuleAllows() throws Exception {
        TestProxy retrying = open(TestProxy.options()
                .to(refusingAddress())
                .to(refusingAddress())
                .to(server.address())
                .connectRetries(1)
                .start());
        RawPeer peer = open(retrying.connect());
        peer.send(TestProxy.handshake());

        assertThat(peer.readHead()).startsWith("HTTP/1.1 502 ");
        assertThat(retrying.endpoints().connectFailures()).isEqualTo(2);
        assertThat(retrying.endpoints().openLeases()).isZero();
    }

    @Test
    void withoutAnyEndpointItIs503WithRetryAfter() throws Exception {
        TestProxy empty = open(TestProxy.options().start());
        RawPeer peer = open(empty.connect());
        peer.send(TestProxy.handshake());

        assertThat(peer.readHead()).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
    }

    private static InetSocketAddress refusingAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
    }
}
