// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS connections of clients: the JDK's TLS on the other end. */
class TlsTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final Issued CHAT = CA.issue("dns:chat.example.com", "dns:*.chat.example.com");
    private static final Issued OTHER = CA.issue("dns:other.example.com");

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final TlsListener listener = TlsFixture.listener(CHAT, OTHER);
    private RawBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = RawBackend.start();
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
        TlsFixture.renew(listener);
    }

    private TestProxy.Options options() {
        return TestProxy.options()
                .to(backend.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofSeconds(60)))
                .metrics(metrics)
                .tls(listener);
    }

    private static RawPeer connect(TestProxy proxy, String host) throws IOException {
        return RawPeer.secure(proxy.address(), CA.client(), host);
    }

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
    void plainHttpGetsA400ThatSaysWhy() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());

            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("Connection: close\r\n")
                    .endsWith("This port requires TLS; use https or wss.\n");
            assertThat(metrics.events()).contains("refused tls_required 400 ''", "TLS failed: not_tls");
        }
    }

    @Test
    void somethingElseThanTlsOrHttpIsClosed() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = proxy.connect()) {
            client.send("\u0000\u0001\u0002");

            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void tlsOnAPlainPortIsClosedAtOnce() throws Exception {
        try (TestProxy proxy = TestProxy.to(backend);
                RawPeer client = proxy.connect()) {
            client.send("\u0016\u0003");

            assertThat(client.readToEnd()).isEmpty();
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

    @Test
    void aVerifiedClientCertificateReachesTheBackend() throws Exception {
        TestAuthority clients = TestAuthority.named("clients");
        Issued own = clients.issue(
                "some \"client\", really",
                Instant.now().plus(Duration.ofDays(1)),
                "uri:spiffe://cluster/ns/apps",
                "dns:client.example.com");
        TlsListener strict = TlsFixture.listener(Mode.Require, clients, CHAT);
        try (TestProxy proxy = options().tls(strict).start();
                RawPeer client = RawPeer.secure(proxy.address(), CA.client(own), "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: chat.example.com\r\nX-Forwarded-Client-Cert: Hash=forged\r\n\r\n");

            assertThat(backend.accept().readHead())
                    .containsPattern("X-Forwarded-Client-Cert: Hash=[0-9a-f]{64};"
                            + "Subject=\"CN=some \\\\\"client\\\\\"\\\\, really\";"
                            + "URI=spiffe://cluster/ns/apps;DNS=client.example.com\r\n")
                    .doesNotContain("forged");
        } finally {
            TlsFixture.renew(strict);
        }
    }

    @Test
    void aClientWithoutAnAcceptedCertificateIsRefused() throws Exception {
        TestAuthority clients = TestAuthority.named("clients");
        TlsListener strict = TlsFixture.listener(Mode.Require, clients, CHAT);
        try (TestProxy proxy = options().tls(strict).start()) {
            assertThat(isServed(proxy, Presented.none())).isFalse();
            assertThat(isServed(proxy, Presented.of(CA.issue("dns:client")))).isFalse();
            await().until(() -> metrics.events().stream()
                            .filter("TLS failed: client_certificate"::equals)
                            .count()
                    == 2);
            assertThat(isServed(proxy, Presented.of(clients.issue("dns:client"))))
                    .isTrue();
        } finally {
            TlsFixture.renew(strict);
        }
    }

    @Test
    void aClientMayComeWithoutACertificateIfTheyAreOnlyRequested() throws Exception {
        TestAuthority clients = TestAuthority.named("clients");
        TlsListener lenient = TlsFixture.listener(Mode.Request, clients, CHAT);
        try (TestProxy proxy = options().tls(lenient).start()) {
            assertThat(isServed(proxy, Presented.none())).isTrue();
            assertThat(isServed(proxy, Presented.of(clients.issue("dns:client"))))
                    .isTrue();
        } finally {
            TlsFixture.renew(lenient);
        }
    }

    /** What a client presents. */
    private record Presented(SSLContext context) {

        static Presented none() {
            return new Presented(CA.client());
        }

        static Presented of(Issued identity) {
            return new Presented(CA.client(identity));
        }
    }

    /** With TLS 1.3, the client's handshake is over before its certificate is refused. */
    private boolean isServed(TestProxy proxy, Presented identity) {
        try (RawPeer client = RawPeer.secure(proxy.address(), identity.context(), "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
            return client.readHead().startsWith("HTTP/1.1 404 ");
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void aListenerThatRedirectsAnswers308ToEverything() throws Exception {
        try (TestProxy proxy = TestProxy.options()
                        .to(backend.address())
                        .role(new ListenerRole(null, 8443))
                        .start();
                RawPeer client = proxy.connect();
                RawPeer browser = proxy.connect()) {
            client.send(TestProxy.handshake());
            browser.send("GET http://Chat.example.com:8080?a=b HTTP/1.1\r\nHost: Chat.example.com:8080\r\n\r\n");

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 308 ")
                    .contains("Location: https://chat.example.com:8443/chat?x=1\r\n");
            assertThat(browser.readHead()).contains("Location: https://Chat.example.com:8443/?a=b\r\n");
        }
    }

    @Test
    void theHttpsPortIsLeftOutOfRedirects() throws Exception {
        try (TestProxy proxy = TestProxy.options()
                        .to(backend.address())
                        .role(new ListenerRole(null, 443))
                        .start();
                RawPeer client = proxy.connect()) {
            client.send("GET /a HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");

            assertThat(client.readHead()).contains("Location: https://[::1]/a\r\n");
        }
    }

    @Test
    void aConnectionFromBeforeItsListenerHadTlsIsServedNoMore() throws Exception {
        try (TestProxy proxy = TestProxy.options()
                        .to(backend.address())
                        .metrics(metrics)
                        .plain(new PlainHttp(PlainHttp.Mode.Reject, Duration.ofSeconds(60)))
                        .role(ListenerRole.PLAIN)
                        .start();
                RawPeer client = proxy.connect()) {
            client.send("GET /missing HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 426 ").doesNotContain("Connection: close");
            client.read("This route accepts only WebSocket upgrades.\n".length());

            proxy.assume(new ListenerRole(listener, null));
            client.send(TestProxy.handshake());

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").endsWith("use https or wss.\n");
            assertThat(metrics.events()).contains("refused tls_required 400 ''");
        }
    }

    @Test
    void aConnectionFromBeforeItsListenerAskedForClientCertificatesIsServedNoMore() throws Exception {
        try (TestProxy proxy = options()
                        .plain(new PlainHttp(PlainHttp.Mode.Reject, Duration.ofSeconds(60)))
                        .start();
                RawPeer client = connect(proxy, "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 426 ");
            client.read("This route accepts only WebSocket upgrades.\n".length());

            TlsFixture.ask(listener, Mode.Require, TestAuthority.named("clients"), CHAT, OTHER);
            client.send(TestProxy.handshake());

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 421 ").endsWith("open a new connection.\n");
        }
    }
}
