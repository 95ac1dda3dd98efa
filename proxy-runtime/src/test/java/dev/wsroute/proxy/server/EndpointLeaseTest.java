// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls that a connection makes on its {@code EndpointLease}, and the session cookie. */
class EndpointLeaseTest extends ProxyTest {

    private static final String COOKIE = "wsroute=abc; Path=/; HttpOnly; SameSite=Lax";

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(server.address())
                .timeouts(new Timeouts(null, Duration.ofMillis(300), null, null))
                .start());
        proxy.endpoints().setCookie(COOKIE);
        client = open(proxy.connect());
    }

    @Test
    void aTunnelIsOpenedAndTheClientPinned() throws Exception {
        client.send(TestProxy.handshake());
        backend().send(TestProxy.switching("Set-Cookie: theirs=1"));

        assertThat(client.readHead())
                .startsWith("HTTP/1.1 101 ")
                .contains("Set-Cookie: theirs=1\r\n")
                .contains("Set-Cookie: " + COOKIE + "\r\n");
        assertCalls("opened");
    }

    @Test
    void aRefusedUpgradeIsAResponseAndPinsTheClient() throws Exception {
        client.send(TestProxy.handshake());
        backend().send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 401 ").contains("Set-Cookie: " + COOKIE + "\r\n");
        assertCalls("answered 401");
    }

    @Test
    void aPlainResponsePinsTheClient() throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        backend().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ").contains("Set-Cookie: " + COOKIE + "\r\n");
        assertCalls("answered 200");
    }

    @Test
    void noCookieIsSetIfTheClientHasIt() throws Exception {
        TestProxy pinned = open(TestProxy.to(server));
        RawPeer peer = open(pinned.connect());
        peer.send(TestProxy.handshake());
        backend().send(TestProxy.switching());

        assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("set-cookie");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "nonsense\r\n\r\n", ""})
    void anInvalidHandshakeIsAFailedUpgrade(String answer) throws Exception {
        client.send(TestProxy.handshake());
        backend().send(answer).endOutput();

        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ").doesNotContainIgnoringCase("set-cookie");
        assertCalls("upgrade failed");
    }

    @Test
    void aHandshakeThatTakesTooLongIsAFailedUpgrade() throws Exception {
        client.send(TestProxy.handshake());
        backend();

        assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
        assertCalls("upgrade failed");
    }

    @Test
    void anIncompleteRefusalIsStillAResponse() throws Exception {
        client.send(TestProxy.handshake());
        backend()
                .send("HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nabc")
                .endOutput();

        client.readHead();
        assertCalls("answered 403");
    }

    @Test
    void aClientThatDisconnectsDuringTheHandshakeIsNotAFailure() throws Exception {
        client.send(TestProxy.handshake());
        RawPeer behind = backend();
        client.close();

        assertThat(behind.atEnd()).isTrue();
        assertCalls();
    }

    @Test
    void aBackendThatDisconnectsIsLost() throws Exception {
        Pair tunnel = open(proxy.open(server, client));
        tunnel.backend().close();

        assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1012);
        tunnel.client().close();
        assertCalls("opened", "backend lost");
    }

    @Test
    void aBackendThatDisconnectsWithinAFrameIsLost() throws Exception {
        Pair tunnel = open(proxy.open(server, client));
        tunnel.backend().send(Frame.header(Frame.TEXT, 100, false)).send("half").close();

        assertCalls("opened", "backend lost");
    }

    @Test
    void aBackendThatClosesNormallyOrAfterItsClientIsNotLost() throws Exception {
        Pair closing = open(proxy.open(server, client));
        closing.backend().send(Frame.close(1000, "", false));
        closing.client().readFrame();
        closing.client().send(Frame.close(1000, "", true));
        closing.backend().readFrame();
        closing.backend().close();
        Pair leaving = open(proxy.open(server));
        leaving.client().close();
        assertThat(leaving.backend().atEnd()).isTrue();
        leaving.backend().close();

        assertCalls("opened", "opened");
    }

    @Test
    void aBackendThatTheProxyClosesIsNotLost() throws Exception {
        Pair tunnel = open(proxy.open(server, client));
        proxy.connections().matching(any -> true).forEach(live -> live.close(CloseReason.BACKEND_LEAVING));
        tunnel.backend().readFrame();
        tunnel.backend().close();
        tunnel.client().close();

        assertCalls("opened");
    }

    private RawPeer backend() throws Exception {
        RawPeer peer = open(server.accept());
        peer.readHead();
        return peer;
    }

    private void assertCalls(String... notes) {
        if (notes.length == 0 || !notes[notes.length - 1].equals("opened")) {
            await().untilAsserted(
                            () -> assertThat(proxy.endpoints().openLeases()).isZero());
        }
        assertThat(proxy.endpoints().notes()).containsExactly(notes);
    }
}
