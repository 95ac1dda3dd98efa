// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS from the proxy to backends: the JDK's TLS on the other end. */
class BackendTlsTest extends ProxyTest {

    private static final String HOST = "chat.apps.svc";
    private static final TestAuthority CA = TestAuthority.named("backend CA");
    private static final TestAuthority OTHER_CA = TestAuthority.named("other CA");
    private static final Issued CHAT = CA.issue("dns:" + HOST);

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final TlsBackend tls = TlsFixture.backend(HOST, CA, null);
    private RawBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = open(RawBackend.start());
    }

    @AfterEach
    void release() {
        TlsFixture.release(tls);
    }

    private TestProxy start(TlsBackend settings) throws IOException {
        return open(options().backendTls(settings).start());
    }

    private TestProxy.Options options() {
        return TestProxy.options()
                .to(backend.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofSeconds(60)))
                .metrics(metrics)
                .connectRetries(0)
                .backendTls(tls);
    }

    private static SSLContext server(Issued certificate) {
        return CA.client(certificate);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aWebSocketIsRelayed(String version) throws Exception {
        backend.secure(server(CHAT), version);
        TestProxy proxy = start(tls);
        try (TestProxy.Pair pair = proxy.open(backend)) {
            pair.client().send(Frame.text("hello", true));
            assertThat(pair.backend().readFrame().text()).isEqualTo("hello");
            pair.backend().send(Frame.text("world", false));

            assertThat(pair.client().readFrame().text()).isEqualTo("world");
            assertThat(pair.backend().session().getProtocol()).isEqualTo(version);
            assertThat(pair.backend().requestedHost()).isEqualTo(HOST);
        }
    }

    @Test
    void aRequestWithABodyAndItsResponsePass() throws Exception {
        backend.secure(server(CHAT));
        TestProxy proxy = start(tls);
        String body = "x".repeat(100_000);
        try (RawPeer client = proxy.connect()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            RawPeer behind = backend.accept();
            behind.readHead();
            assertThat(behind.readText(body.length())).isEqualTo(body);
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(client.readText(body.length())).isEqualTo(body);
            sending.join();
            assertThat(behind.atEnd()).as("a close_notify came before the end").isTrue();
        }
    }

    @Test
    void eachRequestHasAConnectionOfItsOwn() throws Exception {
        backend.secure(server(CHAT));
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                try (RawPeer behind = backend.accept()) {
                    behind.readHead();
                    behind.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    client.readHead();
                    assertThat(client.readText(2)).isEqualTo("ok");
                }
            }
        }
    }

    /** Requests something, and returns the response's status line. The backend fails its handshake, or never begins it. */
    private String refused(TestProxy proxy) throws Exception {
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            CompletableFuture<Boolean> accepted = CompletableFuture.supplyAsync(() -> {
                try (RawPeer peer = backend.accept()) {
                    // With TLS 1.3 the server's handshake is over before the client has verified its certificate.
                    return peer.readHead().isEmpty();
                } catch (IOException failed) {
                    return true;
                }
            });
            String head = client.readHead();
            assertThat(accepted.get()).as("nothing reached the backend").isTrue();
            return head.substring(0, head.indexOf('\r'));
        }
    }

    private void isRefused(TlsBackend settings, Issued presented, String reason, String detail) throws Exception {
        backend.secure(server(presented));
        TestProxy proxy = start(settings);

        assertThat(refused(proxy)).isEqualTo("HTTP/1.1 502 Bad Gateway");
        assertThat(metrics.events())
                .contains("TLS failed service/echo:ws " + reason, "refused unreachable 502 'apps/echo'");
        assertThat(proxy.nextLogged().detail())
                .startsWith("TLS with the backend failed: ")
                .contains(detail);
        assertThat(proxy.endpoints().connectFailures())
                .as("the endpoint is not to blame")
                .isZero();
        assertThat(proxy.endpoints().openLeases()).isZero();
        await().untilAsserted(() ->
                assertThat(proxy.memory().buffers().budget().used()).isZero());
    }

    @Test
    void aCertificateOfAnotherCaIs502() throws Exception {
        isRefused(
                tls,
                OTHER_CA.issue("dns:" + HOST),
                "untrusted",
                "its certificate was not issued by a trusted CA, but by CN=other CA");
    }

    @Test
    void aCertificateForAnotherHostIs502() throws Exception {
        isRefused(
                tls,
                CA.issue("dns:other.apps.svc", "dns:a.example.com"),
                "wrong_host",
                "its certificate is not valid for chat.apps.svc, but for other.apps.svc, a.example.com.");
    }

    @Test
    void anExpiredCertificateIs502() throws Exception {
        isRefused(
                tls,
                CA.issue("test", Instant.now().minus(Duration.ofDays(1)), "dns:" + HOST),
                "expired",
                "expired at ");
    }

    @Test
    void aSelfSignedCertificateIs502() throws Exception {
        isRefused(tls, TestAuthority.named("self").itself(), "untrusted", "its certificate is self-signed");
    }

    @Test
    void aCertificateForTheAddressOnlyIs502() throws Exception {
        isRefused(
                tls,
                CA.issue("ip:127.0.0.1"),
                "wrong_host",
                "its certificate is not valid for chat.apps.svc, but for no host name");
    }

    @Test
    void aCommonNameIsNoHostName() throws Exception {
        isRefused(
                tls,
                CA.issue(HOST, Instant.now().plus(Duration.ofDays(1)), "ip:127.0.0.1"),
                "wrong_host",
                "but for no host name");
    }

    @Test
    void theSystemDoesNotTrustAPrivateCa() throws Exception {
        TlsBackend system = TlsFixture.systemBackend(HOST);

        isRefused(system, CHAT, "untrusted", "its certificate was not issued by a trusted CA, but by CN=backend CA");
        TlsFixture.release(system);
    }

    @Test
    void withoutCaCertificatesNothingIsSent() throws Exception {
        backend.secure(server(CHAT));
        TestProxy proxy = start(TlsFixture.unreadBackend(HOST));

        assertThat(refused(proxy)).isEqualTo("HTTP/1.1 502 Bad Gateway");
        assertThat(metrics.events()).contains("TLS failed service/echo:ws no_certificates");
    }

    @Test
    void aBackendThatDoesNotSpeakTlsIs502() throws Exception {
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            RawPeer behind = backend.acceptPlain();
            behind.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws not_tls");
            assertThat(proxy.nextLogged().detail())
                    .isEqualTo("TLS with the backend failed: the backend does not speak TLS.");
            behind.close();
        }
    }

    @Test
    void aBackendThatDoesNotAnswerTheHelloIs504AfterTheConnectTimeout() throws Exception {
        TestProxy proxy = open(options()
                .timeouts(new Timeouts(Duration.ofMillis(200), null, null, null))
                .start());
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            RawPeer behind = backend.acceptPlain();

            assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws too_slow");
            assertThat(proxy.endpoints().connectFailures()).isEqualTo(1);
            behind.close();
        }
    }

    @Test
    void aBackendThatDisconnectsInTheHandshakeIs502() throws Exception {
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            backend.acceptPlain().close();

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws disconnected");
        }
    }

    @Test
    void aBackendThatOnlyEndsItsOutputInTheHandshakeIs502() throws Exception {
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            RawPeer behind = backend.acceptPlain();
            behind.endOutput();

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws disconnected");
            behind.close();
        }
    }

    @Test
    void aClientThatDisconnectsInTheHandshakeLeavesNothingBehind() throws Exception {
        TestProxy proxy = start(tls);
        RawPeer client = proxy.connect();
        client.send(TestProxy.handshake());
        try (RawPeer behind = backend.acceptPlain()) {
            await().until(() -> behind.readSome(new byte[4096]) > 0);

            client.reset();

            await().untilAsserted(
                            () -> assertThat(proxy.endpoints().openLeases()).isZero());
            while (behind.readSome(new byte[4096]) >= 0) {
                continue;
            }
        }
    }

    @Test
    void anotherEndpointIsTriedBeforeTheRequestIsWritten() throws Exception {
        try (RawBackend second = RawBackend.start().secure(server(CHAT))) {
            backend.secure(server(OTHER_CA.issue("dns:" + HOST)));
            TestProxy proxy =
                    open(options().to(second.address()).connectRetries(1).start());
            try (RawPeer client = proxy.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                CompletableFuture.runAsync(() -> {
                    try {
                        backend.accept();
                    } catch (IOException refused) {
                        // The proxy does not accept the certificate.
                    }
                });
                RawPeer behind = second.accept();
                behind.readHead();
                behind.send("HTTP/1.1 204 No Content\r\n\r\n");

                assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
                assertThat(metrics.events()).contains("connect retried apps/echo service/echo:ws");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theProxyPresentsItsCertificate(String version) throws Exception {
        TestAuthority clients = TestAuthority.named("clients");
        Issued own = clients.issue("proxy", Instant.now().plus(Duration.ofDays(1)));
        TlsBackend mutual = TlsFixture.backend(HOST, CA, own);
        backend.secureForClients(clients.client(CHAT), version);
        TestProxy proxy = start(mutual);
        try (TestProxy.Pair pair = proxy.open(backend)) {
            assertThat(pair.backend().session().getPeerCertificates()[0]).isEqualTo(own.certificate());
        }
        TlsFixture.release(mutual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aBackendThatDemandsAnotherCertificateIs502WithItsAlert(String version) throws Exception {
        TestAuthority clients = TestAuthority.named("clients");
        backend.secureForClients(clients.client(CHAT), version);
        TestProxy proxy = start(tls);

        assertThat(refused(proxy)).isEqualTo("HTTP/1.1 502 Bad Gateway");
        await().untilAsserted(
                        () -> assertThat(metrics.events()).contains("TLS failed service/echo:ws refused_by_backend"));
        assertThat(proxy.nextLogged().detail())
                .startsWith("TLS with the backend failed: the backend refused it with the alert ")
                .contains("certificate");
    }

    @Test
    void aPlainRequestIs502WithTheAlertToo() throws Exception {
        TestAuthority clients = TestAuthority.named("clients");
        backend.secureForClients(clients.client(CHAT), "TLSv1.3");
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            CompletableFuture.runAsync(() -> {
                try {
                    backend.accept();
                } catch (IOException refused) {
                    // The client has no certificate.
                }
            });

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(proxy.nextLogged().detail())
                    .contains("refused it with the alert")
                    .contains("certificate");
        }
    }

    @Test
    void aResponseThatTheEndOfTheConnectionEndsNeedsACloseNotify() throws Exception {
        backend.secure(server(CHAT));
        TestProxy proxy = start(tls);
        try (RawPeer whole = proxy.connect();
                RawPeer cut = proxy.connect()) {
            RawPeer behind = answerUntilClose(whole);
            behind.sendCloseNotify();
            assertThat(whole.readToEnd()).contains("chunked").endsWith("2\r\nok\r\n0\r\n\r\n");

            RawPeer truncated = answerUntilClose(cut);
            truncated.endOutput();
            assertThat(cut.readToEnd()).endsWith("2\r\nok\r\n");
        }
    }

    private RawPeer answerUntilClose(RawPeer client) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        RawPeer behind = open(backend.accept());
        behind.readHead();
        return behind.send("HTTP/1.1 200 OK\r\n\r\nok");
    }

    @Test
    void renewedCertificatesAreInForceForNewConnectionsAndOpenOnesGoOn() throws Exception {
        Issued first =
                TestAuthority.named("clients").issue("first", Instant.now().plus(Duration.ofDays(1)));
        TestAuthority nextClients = TestAuthority.named("next clients");
        Issued second = nextClients.issue("second", Instant.now().plus(Duration.ofDays(1)));
        TestAuthority nextCa = TestAuthority.named("next CA");
        TlsBackend mutual = TlsFixture.backend(HOST, CA, first);
        backend.secure(server(CHAT));
        TestProxy proxy = start(mutual);
        try (TestProxy.Pair old = proxy.open(backend)) {
            TlsFixture.trust(mutual, nextCa.certificatePem(), second);

            assertThat(refused(proxy)).isEqualTo("HTTP/1.1 502 Bad Gateway");
            backend.secureForClients(nextClients.client(nextCa.issue("dns:" + HOST)));
            try (TestProxy.Pair renewed = proxy.open(backend)) {
                assertThat(renewed.backend().session().getPeerCertificates()[0]).isEqualTo(second.certificate());
                old.client().send(Frame.text("still here", true));
                assertThat(old.backend().readFrame().text()).isEqualTo("still here");
            }
        }
        TlsFixture.release(mutual);
    }
}
