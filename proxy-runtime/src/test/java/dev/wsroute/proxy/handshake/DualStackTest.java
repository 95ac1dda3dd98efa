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
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints with two addresses, one of which may be dead, on real sockets. */
class DualStackTest extends ProxyTest {

    private RawBackend server;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
    }

    @Test
    void aRefusalAtOneAddressCostsNoRetryWhileTheOtherOneTakesTheConnection() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(refusing(), server.address())
                .connectRetries(0)
                .start());

        open(proxy.open(server));

        assertThat(proxy.endpoints().connectFailures()).isZero();
        assertThat(proxy.endpoints().openLeases()).isOne();
        assertThat(proxy.nextOpened().endpoint())
                .endsWith(":" + server.address().getPort());
    }

    @Test
    void anAddressThatKeepsSilentDoesNotKeepTheOtherOneFromBeingTried() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(silent(), server.address())
                .connectRetries(0)
                .timeouts(connect(Duration.ofSeconds(60)))
                .start());

        open(proxy.open(server));

        assertThat(proxy.endpoints().connectFailures()).isZero();
    }

    @Test
    void whenBothRefuseTheEndpointIsToBlameOnce() throws Exception {
        TestProxy proxy = open(
                TestProxy.options().to(refusing(), refusing()).connectRetries(0).start());
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake());

        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
        assertThat(proxy.endpoints().connectFailures()).isOne();
        assertThat(proxy.endpoints().openLeases()).isZero();
    }

    @Test
    void whenBothKeepSilentTheConnectTimeoutEndsIt() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(silent(), silent())
                .connectRetries(0)
                .timeouts(connect(Duration.ofMillis(300)))
                .start());
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake());

        assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
        assertThat(proxy.endpoints().openLeases()).isZero();
    }

    @Test
    void aClientThatDisconnectsMeanwhileLeavesNothingBehind() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(silent(), silent())
                .timeouts(connect(Duration.ofSeconds(60)))
                .start());
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake());
        await().untilAsserted(() -> assertThat(proxy.endpoints().openLeases()).isOne());

        client.close();

        await().untilAsserted(() -> assertThat(proxy.endpoints().openLeases()).isZero());
    }

    private static Timeouts connect(Duration timeout) {
        return new Timeouts(timeout, Duration.ofSeconds(5), null, Duration.ofSeconds(60));
    }

    private static InetSocketAddress refusing() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
    }

    /** A listener that never accepts and whose queue is full: the kernel ignores further attempts to connect. */
    private InetSocketAddress silent() throws Exception {
        ServerSocket full = open(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        InetSocketAddress address = (InetSocketAddress) full.getLocalSocketAddress();
        for (int i = 0; i < 4; i++) {
            Socket waiting = open(new Socket());
            try {
                waiting.connect(address, 100);
            } catch (java.net.SocketTimeoutException e) {
                return address;
            }
        }
        throw new AssertionError("the queue does not fill up");
    }
}
