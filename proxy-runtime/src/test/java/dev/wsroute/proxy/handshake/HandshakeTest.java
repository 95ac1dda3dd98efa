// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest extends ProxyTest {

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

    @Test
    void theBackendGetsTheTargetAndTheEndToEndHeadersAsTheyWereAndOurs() throws Exception {
        client.send("GET //a/%2e%2e/b;c\\d?q=%20\u00e9 HTTP/1.1\r\n"
                + "Host: Chat.Example.com:8020\r\nOrigin: https://a.example\r\nX-One: 1\r\ncookie: a=b\r\n"
                + "Upgrade: WebSocket\r\nConnection: keep-alive, UPGRADE\r\nX-One: 2\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + TestProxy.KEY + "\r\n"
                + "Sec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");

        String head = backend().readHead();

        assertThat(head).startsWith("GET //a/%2e%2e/b;c\\d?q=%20\u00e9 HTTP/1.1\r\n");
        assertThat(head)
                .containsSubsequence(
                        "Host: Chat.Example.com:8020\r\n",
                        "Origin: https://a.example\r\n",
                        "X-One: 1\r\n",
                        "cookie: a=b\r\n",
                        "X-One: 2\r\n",
                        "Sec-WebSocket-Version: 13\r\n",
                        "Sec-WebSocket-Protocol: a, b\r\n",
                        "Sec-WebSocket-Extensions: permessage-deflate\r\n",
                        "X-Forwarded-For: 127.0.0.1\r\n",
                        "X-Forwarded-Proto: http\r\n",
                        "X-Forwarded-Host: Chat.Example.com:8020\r\n",
                        "X-Forwarded-Port: " + proxy.address().getPort() + "\r\n");
        assertThat(head.toLowerCase(Locale.ROOT)).containsOnlyOnce("upgrade: websocket\r\n");
        assertThat(head.toLowerCase(Locale.ROOT)).containsOnlyOnce("connection: upgrade\r\n");
    }

    @Test
    void theClientGetsTheBackendsHeadersWithThe101() throws Exception {
        client.send(TestProxy.handshake("Sec-WebSocket-Protocol: a, b"));
        RawPeer backend = backend();
        backend.readHead();
        backend.send(TestProxy.switching("Sec-WebSocket-Protocol: b", "Set-Cookie: s=1", "Keep-Alive: timeout=5"));

        String head = client.readHead();

        assertThat(head).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
        assertThat(head)
                .contains("Sec-WebSocket-Accept: " + TestProxy.ACCEPT, "Sec-WebSocket-Protocol: b", "Set-Cookie: s=1");
        assertThat(head).doesNotContain("Keep-Alive");
    }

    @Test
    void aConnectionThatServedPlainRequestsUpgrades() throws Exception {
        for (int i = 0; i < 2; i++) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            RawPeer plain = backend();
            plain.readHead();
            plain.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.readText(2)).isEqualTo("ok");
        }

        TestProxy.Pair tunnel = open(proxy.open(server, client));
        tunnel.backend().send(Frame.text("hello", false));
        tunnel.client().send(Frame.text("hello to you", true));

        assertThat(tunnel.client().readFrame().text()).isEqualTo("hello");
        assertThat(tunnel.backend().readFrame().text()).isEqualTo("hello to you");
    }

    @Test
    void noByteOfTheClientReachesABackendBeforeItsValid101() throws Exception {
        client.send(TestProxy.handshake());
        client.send(Frame.text("early", true));
        RawPeer backend = backend();
        backend.readHead();

        assertThat(backend.hearsNothingFor(200)).isTrue();

        backend.send(TestProxy.switching());
        assertThat(backend.readFrame().text()).isEqualTo("early");
    }

    @Test
    void aClientThatSendsEarlyAndMuchIsHeldBack() throws Exception {
        client.send(TestProxy.handshake());
        RawPeer backend = backend();
        backend.readHead();
        byte[] frame = Frame.encode(Frame.BINARY, new byte[100_000], true);
        client.send(frame);

        assertThat(backend.hearsNothingFor(100)).isTrue();
        backend.send(TestProxy.switching());

        assertThat(backend.read(frame.length)).isEqualTo(frame);
    }

    @Test
    void framesThatComeWithThe101ArePassedOn() throws Exception {
        client.send(TestProxy.handshake());
        RawPeer backend = backend();
        backend.readHead();

        backend.send(TestProxy.switching() + new String(Frame.text("welcome", false), ISO_8859_1));

        client.readHead();
        assertThat(client.readFrame().text()).isEqualTo("welcome");
    }

    @Test
    void aHandshakeThatArrivesByteByByteIsTheSame() throws Exception {
        for (char c : TestProxy.handshake().toCharArray()) {
            client.send(String.valueOf(c));
        }
        RawPeer backend = backend();
        backend.readHead();
        for (char c : TestProxy.switching().toCharArray()) {
            backend.send(String.valueOf(c));
        }

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void interimResponsesBeforeThe101AreSkipped() throws Exception {
        client.send(TestProxy.handshake());
        RawPeer backend = backend();
        backend.readHead();

        backend.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + TestProxy.switching());

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
                "Upgrade: websocket",
                "Connection: Upgrade"
            })
    void anUpgradeToAnotherProtocolIsForwardedAsAPlainRequestWithoutIt(String headers) throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n");
        RawPeer backend = backend();

        String head = backend.readHead();

        assertThat(head.toLowerCase(Locale.ROOT)).doesNotContain("upgrade").doesNotContain("http2-settings");
        backend.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void theConnectionHeaderTakesNothingAwayThatTheBackendReliesOn() throws Exception {
        client.send(
                TestProxy.handshake("X-Hop: 1", "Cookie: session=1")
                        .replace(
                                "Connection: Upgrade",
                                "Connection: Upgrade, X-Hop, X-Forwarded-For, X-Forwarded-Host, Host, Cookie, Sec-WebSocket-Key"));

        String head = backend().readHead();

        assertThat(head).contains("Host: chat.example.com", "X-Forwarded-For: 127.0.0.1", "Cookie: session=1");
        assertThat(head).contains("Sec-WebSocket-Key: " + TestProxy.KEY).doesNotContain("X-Hop");
    }

    @Test
    void forgedForwardingHeadersAndTheirLookAlikesAreDropped() throws Exception {
        client.send(TestProxy.handshake(
                "X-Forwarded-For: 6.6.6.6",
                "x_forwarded_for: 6.6.6.6",
                "X-Forwarded_For: 6.6.6.6",
                "X_Forwarded_Proto: https",
                "Forwarded: for=6.6.6.6",
                "X-Forwarded-Prefix: /admin",
                "Transfer_Encoding: chunked"));

        String head = backend().readHead();

        assertThat(head).doesNotContain("6.6.6.6").doesNotContain("_").doesNotContain("/admin");
        assertThat(head).containsOnlyOnce("X-Forwarded-For: 127.0.0.1").containsOnlyOnce("X-Forwarded-Proto: http\r\n");
    }
}
