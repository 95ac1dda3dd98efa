// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest extends TlsListenerFixture {

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aWebSocketIsRelayedOverTls(String version) throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = RawPeer.secure(proxy.address(), CA.client(), "chat.example.com", version);
                Pair pair = proxy.open(backend, client)) {
            pair.client().send(Frame.text("hello", true));
            assertThat(pair.backend().readFrame().text()).isEqualTo("hello");
            pair.backend().send(Frame.text("world", false));

            assertThat(pair.client().readFrame().text()).isEqualTo("world");
            assertThat(client.session().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void theMemoryOfAnEngineIsReservedForAsLongAsItsTunnelIsOpen() throws Exception {
        MemoryBudgets memory = MemoryPlan.ofProcess().budgets();
        try (TestProxy proxy = options().memory(memory).start()) {
            try (Pair pair = proxy.open(backend, connect(proxy, "chat.example.com"))) {
                pair.client().send(Frame.text("hello", true));
                assertThat(pair.backend().readFrame().text()).isEqualTo("hello");

                assertThat(memory.tls().used()).isEqualTo(MemoryPlan.TLS_ENGINE);
                assertThat(memory.handshakes().budget().used()).isZero();
            }
            await().until(() -> memory.tls().used() == 0);
        }
    }

    @Test
    void theBackendLearnsThatTheClientUsedTls() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = connect(proxy, "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: chat.example.com\r\nX-Forwarded-Proto: http\r\n\r\n");

            assertThat(backend.accept().readHead())
                    .contains("X-Forwarded-Proto: https\r\n")
                    .contains("X-Forwarded-Port: 443\r\n");
        }
    }

    @Test
    void sniSelectsTheCertificate() throws Exception {
        try (TestProxy proxy = options().start()) {
            assertThat(shown(proxy, "chat.example.com")).isEqualTo(CHAT.certificate());
            assertThat(shown(proxy, "OTHER.example.com")).isEqualTo(OTHER.certificate());
            assertThat(shown(proxy, "a.chat.example.com")).isEqualTo(CHAT.certificate());
            assertThat(shown(proxy, "unknown.example.com")).isEqualTo(CHAT.certificate());
            assertThat(shown(proxy, null)).isEqualTo(CHAT.certificate());
        }
    }

    private static X509Certificate shown(TestProxy proxy, String host) throws IOException {
        try (RawPeer client = connect(proxy, host)) {
            return (X509Certificate) client.session().getPeerCertificates()[0];
        }
    }

    @Test
    void aRenewedCertificateIsShownToNewConnectionsAndOpenOnesGoOn() throws Exception {
        Issued renewed = CA.issue("dns:chat.example.com");
        try (TestProxy proxy = options().start();
                Pair pair = proxy.open(backend, connect(proxy, "chat.example.com"))) {
            TlsFixture.renew(listener, renewed, OTHER);

            assertThat(shown(proxy, "chat.example.com")).isEqualTo(renewed.certificate());
            pair.client().send(Frame.text("still here", true));
            assertThat(pair.backend().readFrame().text()).isEqualTo("still here");
        }
    }

    @Test
    void aConnectionWhoseCertificateTheListenerNoLongerHasIsClosedWith421() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = connect(proxy, "chat.example.com")) {
            TlsFixture.renew(listener);

            client.send("GET / HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 421 ").containsIgnoringCase("\r\nConnection: close\r\n");
        }
    }

    @Test
    void aHostWithAnotherCertificateIs421() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = connect(proxy, "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: other.example.com\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 421 ");
            assertThat(metrics.events()).contains("refused misdirected 421 ''");
        }
    }

    @Test
    void aHostOfTheSameCertificateIsServed() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = connect(proxy, "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: b.chat.example.com:8443\r\n\r\n");

            assertThat(backend.accept().readHead()).contains("Host: b.chat.example.com:8443\r\n");
        }
    }

    @Test
    void withoutACertificateTheHandshakeFailsWithAnAlert() throws Exception {
        TlsFixture.renew(listener);
        try (TestProxy proxy = options().start()) {
            assertThatThrownBy(() -> connect(proxy, "chat.example.com"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("handshake_failure");
            assertThat(metrics.events()).contains("TLS failed: no_certificate");
        }
    }

    @Test
    void aClientThatDoesNotCompleteItsHandshakeIsClosedAfterTheHandshakeTimeout() throws Exception {
        Duration limit = Duration.ofMillis(200);
        try (TestProxy proxy = options()
                        .limits(RequestLimits.DEFAULT.withTimeouts(limit, limit, limit))
                        .start();
                RawPeer client = proxy.connect()) {
            client.send("\u0016\u0003\u0001\u0002");

            assertThat(client.readToEnd()).isEmpty();
            await().until(() -> metrics.events().contains("TLS failed: too_slow"));
            assertThat(proxy.memory().buffers().budget().used()).isZero();
        }
    }

    @Test
    void aTunnelEndsWithACloseFrameAndACloseNotify() throws Exception {
        try (TestProxy proxy = options().start();
                Pair pair = proxy.open(backend, connect(proxy, "chat.example.com"))) {
            pair.backend().send(Frame.close(1000, "bye", false));
            assertThat(pair.client().readFrame().first()).isEqualTo(Frame.CLOSE);
            pair.client().send(Frame.close(1000, "bye", true));

            // The JDK's socket throws if the stream ends without a close_notify.
            assertThat(pair.client().atEnd()).isTrue();
        }
    }

    @Test
    void aResponseThatClosesTheConnectionEndsWithACloseNotify() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = connect(proxy, "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: chat.example.com\r\nConnection: close\r\n\r\n");
            RawPeer behind = backend.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

            assertThat(client.readToEnd()).endsWith("\r\n\r\nok");
        }
    }
}
