// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks on upgrades to which other proxies were vulnerable. For attacks on the framing of requests see {@code
 * RequestAttackTest}, on headers that name the client {@code ForwardingTest}, on the PROXY protocol {@code
 * ProxyProtocolTest}, with slow or large messages {@code MessageLimitsTest}.
 */
class AttackClassesTest extends ProxyTest {

    private static final String SMUGGLED = "GET /admin HTTP/1.1\r\nHost: internal\r\n\r\n";

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
        client = open(proxy.connect());
    }

    /** CVE-2026-2833, CVE-2025-64763: a tunnel opens before the backend has agreed to it. */
    @Test
    void bytesBehindAHandshakeReachNoBackendThatHasNotSwitched() throws Exception {
        client.send(TestProxy.handshake() + SMUGGLED);
        RawPeer backend = open(server.accept());
        backend.readHead();

        assertThat(backend.hearsNothingFor(50)).isTrue();
        backend.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
        assertThat(client.readToEnd()).isEmpty();
        assertThat(backend.atEnd()).isTrue();
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    /** CVE-2024-23326: any 2xx counts as a 101. */
    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "201 Created", "204 No Content", "206 Partial Content", "299 Fine"})
    void aSuccessThatIsNo101OpensNoTunnel(String status) throws Exception {
        client.send(TestProxy.handshake());
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 " + status + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + TestProxy.ACCEPT + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 " + status.substring(0, 3));
        client.send(SMUGGLED);

        assertThat(backend.atEnd()).isTrue();
        assertThat(proxy.connections().size()).isZero();
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    /** Smuggling with a Sec-WebSocket-Version that the backend refuses while the proxy believes that the tunnel is open. */
    @ParameterizedTest
    @ValueSource(strings = {"1337", "12", "13, 8", "", "+13", "0x0d"})
    void anotherVersionIsRefusedHereAndEndsTheConnection(String version) throws Exception {
        client.send(TestProxy.handshake().replace("Version: 13", "Version: " + version) + SMUGGLED);

        assertThat(client.readHead()).startsWith("HTTP/1.1 426 ").containsIgnoringCase("connection: upgrade");
        assertThat(client.readToEnd()).isEqualTo("Only version 13 of the WebSocket protocol is supported.\n");
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    /** CVE-2026-73548: an upgrade to HTTP/2, after which a proxy no longer sees the requests. */
    @ParameterizedTest
    @ValueSource(strings = {"h2c", "HTTP/2.0", "TLS/1.0", "websocket2", "h2c, foo"})
    void anUpgradeToAnythingElseIsNotAskedOfABackend(String protocol) throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: " + protocol
                + "\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
        RawPeer backend = open(server.accept());
        String head = backend.readHead();

        assertThat(head).doesNotContainIgnoringCase("upgrade").doesNotContainIgnoringCase("settings");
        backend.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void anUpgradeWithABodyIsRefused(String framing) throws Exception {
        client.send(TestProxy.handshake(framing) + "0\r\n\r\n" + SMUGGLED);

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        client.readToEnd();
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    /** Paths that proxy and backend could interpret differently: matched as received, forwarded byte for byte. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/%2e%2e/admin",
                "/a/../admin",
                "//admin",
                "/a/;/../admin",
                "/a;x=1/b",
                "/a\\..\\admin",
                "/a%2fb",
                "/a%5Cb",
                "/%61dmin",
                "/a?b=/../c",
                "/a%00"
            })
    void aTargetIsForwardedUnchanged(String target) throws Exception {
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(open(server.accept()).readHead()).startsWith("GET " + target + " HTTP/1.1\r\n");
        client.close();
        assertThat(proxy.nextLogged().target()).isEqualTo(target);
    }

    /** A frame that claims to be huge is forwarded as it arrives; no memory is allocated for it. */
    @Test
    void aFrameThatAnnouncesExabytesNeedsNoMemory() throws Exception {
        try (Pair tunnel = proxy.open(server, client)) {
            byte[] announced = ByteBuffer.allocate(14)
                    .put((byte) 0x82)
                    .put((byte) 0xff)
                    .putLong(Long.MAX_VALUE)
                    .putInt(0)
                    .array();
            tunnel.client().send(announced);
            assertThat(tunnel.backend().read(announced.length)).isEqualTo(announced);
            byte[] piece = new byte[64 * 1024];
            for (int i = 0; i < 64; i++) {
                tunnel.client().send(piece);
                assertThat(tunnel.backend().read(piece.length)).isEqualTo(piece);
            }
        }
    }

    /** The proxy never inflates messages, so a compression bomb concerns only the peers that negotiated it. */
    @Test
    void aCompressedMessagePassesAsItIsEvenIfItIsNoDeflateStream() throws Exception {
        client.send(TestProxy.handshake("Sec-WebSocket-Extensions: permessage-deflate"));
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching("Sec-WebSocket-Extensions: permessage-deflate"));
        client.readHead();
        byte[] garbage = new byte[100];
        new Random(7).nextBytes(garbage);
        byte[] frame = ByteBuffer.allocate(106)
                .put((byte) 0xc2)
                .put((byte) (0x80 | garbage.length))
                .putInt(0)
                .put(garbage)
                .array();
        client.send(frame);

        assertThat(backend.read(frame.length)).isEqualTo(frame);
    }

    @Test
    void aTunnelCarriesWhatLooksLikeRequestsAsTheBytesThatTheyAre() throws Exception {
        client.send(TestProxy.handshake());
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching());
        client.readHead();
        byte[] frame = ByteBuffer.allocate(6 + SMUGGLED.length())
                .put((byte) 0x81)
                .put((byte) (0x80 | SMUGGLED.length()))
                .putInt(0)
                .put(SMUGGLED.getBytes(ISO_8859_1))
                .array();
        client.send(frame);

        assertThat(backend.read(frame.length)).isEqualTo(frame);
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }
}
