// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes that the proxy or the backend refuses. */
class HandshakeRefusalTest extends ProxyTest {

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + TestProxy.ACCEPT + "\r\n\r\n",
                "HTTP/1.1 101 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + TestProxy.ACCEPT
                        + "\r\n\r\n",
                "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " + TestProxy.ACCEPT + "\r\n\r\n",
                "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
                "HTTP/1.0 101 OK\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " + TestProxy.ACCEPT + "\r\n\r\n",
                "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + TestProxy.ACCEPT + "\r\nSec-WebSocket-Protocol: c\r\n\r\n",
                "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + TestProxy.ACCEPT + "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
                "nonsense\r\n\r\n",
                "HTTP/1.1 101"
            })
    void aBroken101Is502AndOpensNoTunnel(String response) throws Exception {
        client.send(TestProxy.handshake("Sec-WebSocket-Protocol: a, b"));
        client.send(Frame.text("smuggled", true));
        RawPeer backend = backend();
        backend.readHead();

        backend.send(response);
        backend.endOutput();

        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
        assertThat(backend.readToEnd()).isEmpty();
        assertThat(proxy.connections().size()).isZero();
        assertEverythingReleased();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 299})
    void anyOtherSuccessIsAPlainResponseAndOpensNoTunnel(int status) throws Exception {
        client.send(TestProxy.handshake());
        client.send(Frame.text("smuggled", true));
        RawPeer backend = backend();
        backend.readHead();

        backend.send("HTTP/1.1 " + status + " Fine\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + TestProxy.ACCEPT + "\r\n"
                + (status == 204 ? "\r\n" : "Content-Length: 2\r\n\r\nok"));

        assertThat(client.readHead()).startsWith("HTTP/1.1 " + status + " Fine\r\n");
        assertThat(backend.readToEnd()).isEmpty();
        assertThat(proxy.connections().size()).isZero();
    }

    @Test
    void aRefusalPassesWholeAndNeitherConnectionIsUsedAgain() throws Exception {
        client.send(TestProxy.handshake());
        client.send("GET /smuggled HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
        RawPeer refusing = backend();
        refusing.readHead();
        refusing.send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 5\r\n\r\nlogin");
        String head = client.readHead();

        assertThat(head).startsWith("HTTP/1.1 401 Unauthorized\r\n").contains("WWW-Authenticate: Basic");
        assertThat(client.readText(5)).isEqualTo("login");
        assertThat(refusing.atEnd()).isTrue();
        assertThat(head).containsIgnoringCase("connection: close");
        assertThat(client.atEnd()).isTrue();
        assertThat(server.isLeftAloneFor(100)).isTrue();
    }

    @Test
    void aChunkedRefusalPassesWhole() throws Exception {
        client.send(TestProxy.handshake());
        RawPeer refusing = backend();
        refusing.readHead();

        refusing.send("HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 403 Forbidden\r\n");
        assertThat(client.readText(13)).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
    }

    @Test
    void anotherVersionThan13Is426AndReachesNoBackend() throws Exception {
        client.send(TestProxy.handshake().replace("Version: 13", "Version: 12"));

        String head = client.readHead();

        assertThat(head).startsWith("HTTP/1.1 426 ").contains("Sec-WebSocket-Version: 13");
        assertThat(server.isLeftAloneFor(100)).isTrue();
    }

    @Test
    void aRequestHiddenBehindABadVersionIsNotForwarded() throws Exception {
        client.send(TestProxy.handshake().replace("Version: 13", "Version: 1337")
                + "GET /internal HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 426 ");
        assertThat(server.isLeftAloneFor(100)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c2hvcnQ=", "not base64 at all!!!!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAA=="})
    void aMalformedKeyIs400(String key) throws Exception {
        client.send(TestProxy.handshake().replace(TestProxy.KEY, key));

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aHandshakeWithABodyIs400() throws Exception {
        client.send(TestProxy.handshake("Content-Length: 3") + "abc");

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        assertThat(server.isLeftAloneFor(100)).isTrue();
    }

    @Test
    void aHandshakeWithAChunkedBodyIs400() throws Exception {
        client.send(TestProxy.handshake("Transfer-Encoding: chunked") + "0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aHandshakeByPostIs400() throws Exception {
        client.send(TestProxy.handshake().replace("GET", "POST"));

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void withoutARouteItIs404() throws Exception {
        client.send(TestProxy.handshake().replace("chat.example.com", "NOWHERE.example:80"));

        assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
        assertThat(proxy.nextLogged().detail()).isEqualTo("No route for this host and path.");
    }
}
