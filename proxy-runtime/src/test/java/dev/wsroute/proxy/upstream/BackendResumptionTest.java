// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.OpensslClient;
import dev.wsroute.proxy.testkit.OpensslProcess;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the proxy resumes a TLS session with a backend, and when it must not. */
@Tag("slow")
class BackendResumptionTest extends BackendTlsFixture {

    private static final String FULL = "TLS with service/echo:ws full";
    private static final String RESUMED = "TLS with service/echo:ws resumed";
    private static final String BAD_GATEWAY = "HTTP/1.1 502 Bad Gateway";

    @TempDir
    private Path folder;

    /** Handshakes and failures so far. */
    private List<String> handshakes() {
        return metrics.events().stream().filter(each -> each.startsWith("TLS ")).toList();
    }

    private void opens(TestProxy proxy) throws Exception {
        opens(proxy, backend);
    }

    private static void opens(TestProxy proxy, RawBackend endpoint) throws Exception {
        try (TestProxy.Pair pair = proxy.open(endpoint)) {
            pair.client().send(Frame.text("hello", true));
            assertThat(pair.backend().readFrame().text()).isEqualTo("hello");
            pair.backend().send(Frame.text("world", false));
            assertThat(pair.client().readFrame().text()).isEqualTo("world");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void openSslResumesTheSessionsOfTheProxy(String version) throws Exception {
        try (OpensslProcess server = openssl(version)) {
            TestProxy proxy = open(options(address(server)).start());

            assertThat(page(proxy)).contains("New, TLSv1");
            assertThat(page(proxy)).contains("Reused, TLSv1");
            assertThat(page(proxy)).contains("Reused, TLSv1");
            assertThat(handshakes()).containsExactly(FULL, RESUMED, RESUMED);
        }
    }

    @Test
    void aBackendThatSendsManyTicketsReplacesItsOwnSessions() throws Exception {
        try (OpensslProcess server = openssl("-num_tickets", "600")) {
            TestProxy proxy = open(options(address(server)).start());

            page(proxy);

            assertThat(Collections.list(TlsFixture.sessions(tls).getIds())).hasSize(256);
            assertThat(page(proxy)).contains("Reused, TLSv1.3");
        }
    }

    private OpensslProcess openssl(String... more) throws Exception {
        OpensslClient.assumeInstalled();
        CHAT.write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        List<String> all = new ArrayList<>(List.of("s_server", "-accept", "127.0.0.1:0", "-www"));
        all.addAll(List.of("-cert", "tls.crt", "-key", "tls.key"));
        all.addAll(List.of(more));
        return OpensslProcess.start(folder, all.toArray(String[]::new));
    }

    private static InetSocketAddress address(OpensslProcess server) throws IOException {
        server.readTo("ACCEPT 127.0.0.1:");
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(server.readLine()));
    }

    /** What {@code s_server -www} says about the connection. */
    private static String page(TestProxy proxy) throws IOException {
        try (RawPeer client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            return client.readToEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aWebSocketResumesTheSessionOfTheOneBefore(String version) throws Exception {
        backend.secure(server(CHAT), version);
        TestProxy proxy = start(tls);

        opens(proxy);
        opens(proxy);
        opens(proxy);

        assertThat(handshakes()).containsExactly(FULL, RESUMED, RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aBackendThatHasForgottenItsSessionsGetsAFullHandshake(String version) throws Exception {
        TestProxy proxy = start(tls);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            backend.secure(server(CHAT), version);

            opens(proxy);
            // Of the new session, although the former ones have not expired.
            opens(proxy);

            expected.addAll(List.of(FULL, RESUMED));
        }
        assertThat(handshakes()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anotherEndpointIsNotOfferedTheSession(String version) throws Exception {
        // It could resume the session, since both have the same keys.
        SSLContext shared = server(CHAT);
        backend.secure(shared, version);
        TestProxy proxy = start(tls);
        opens(proxy);
        TestProxy moved;
        try (RawBackend other = RawBackend.start()) {
            other.secure(shared, version);
            moved = open(options(other.address()).start());
            opens(moved, other);
        }

        opens(proxy);

        assertThat(handshakes()).containsExactly(FULL, FULL, RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionOfAFormerCaIsNotResumed(String version) throws Exception {
        backend.secure(server(CHAT), version);
        TestProxy proxy = start(tls);
        opens(proxy);
        opens(proxy);

        try (TestProxy.Pair old = proxy.open(backend)) {
            TlsFixture.trust(tls, OTHER_CA.certificatePem(), null);

            assertThat(refused(proxy)).isEqualTo(BAD_GATEWAY);
            // With TLS 1.3, its ticket may come after the renewal. Nor does the former CA's return bring sessions back.
            old.client().send(Frame.text("still here", true));
            assertThat(old.backend().readFrame().text()).isEqualTo("still here");
            assertThat(refused(proxy)).isEqualTo(BAD_GATEWAY);
            TlsFixture.trust(tls, CA.certificatePem(), null);
            opens(proxy);
        }

        assertThat(handshakes())
                .containsExactly(
                        FULL,
                        RESUMED,
                        RESUMED,
                        "TLS failed service/echo:ws untrusted",
                        "TLS failed service/echo:ws untrusted",
                        FULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void backendsWithOtherCasOrHostNamesDoNotShareSessions(String version) throws Exception {
        TlsBackend distrusting = TlsFixture.backend(HOST, OTHER_CA, null);
        TlsBackend elsewhere = new TlsBackend(tls.client(), "elsewhere.apps.svc");
        backend.secure(server(CHAT), version);
        opens(start(tls));

        assertThat(refused(start(distrusting))).isEqualTo(BAD_GATEWAY);
        assertThat(refused(start(elsewhere))).isEqualTo(BAD_GATEWAY);

        assertThat(handshakes())
                .containsExactly(FULL, "TLS failed service/echo:ws untrusted", "TLS failed service/echo:ws wrong_host");
        TlsFixture.release(distrusting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionOfAFormerClientCertificateIsNotResumed(String version) throws Exception {
        TestAuthority clients = TestAuthority.named("clients");
        Issued second = clients.issue("dns:second");
        TlsBackend mutual = TlsFixture.backend(HOST, CA, clients.issue("dns:first"));
        backend.secureForClients(clients.client(CHAT), version);
        TestProxy proxy = start(mutual);
        opens(proxy);
        opens(proxy);

        TlsFixture.trust(mutual, CA.certificatePem(), second);

        try (TestProxy.Pair renewed = proxy.open(backend)) {
            assertThat(renewed.backend().session().getPeerCertificates()).containsExactly(second.certificate());
        }
        assertThat(handshakes()).containsExactly(FULL, RESUMED, FULL);
        TlsFixture.release(mutual);
    }

    @Test
    void aSessionEndsWithTheCertificateThatWasVerified() throws Exception {
        Instant end = Instant.now().plusSeconds(15);
        SSLContext shortLived = server(CA.issue("short-lived", end, "dns:" + HOST));
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            backend.secure(shortLived, version);
            opens(start(tls));
            opens(start(tls));
        }

        await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));

        assertThat(refused(start(tls))).isEqualTo(BAD_GATEWAY);
        assertThat(handshakes()).containsExactly(FULL, RESUMED, FULL, RESUMED, "TLS failed service/echo:ws expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionWithWhichTheHandshakeFailedIsNotOfferedAgain(String version) throws Exception {
        backend.secure(server(CHAT), version);
        TestProxy proxy = start(tls);
        opens(proxy);
        failsOnce(proxy);

        opens(proxy);

        assertThat(handshakes()).containsExactly(FULL, "TLS failed service/echo:ws refused_by_backend", FULL);
    }

    @Test
    void noOtherSessionOfTheEndpointIsOfferedEither() throws Exception {
        backend.secure(server(CHAT), "TLSv1.3");
        TestProxy proxy = start(tls);
        try (RawPeer first = proxy.connect();
                RawPeer second = proxy.connect()) {
            // Both client hellos are on their way before there is a session: two sessions.
            first.send(TestProxy.handshake());
            second.send(TestProxy.handshake());
            for (int i = 0; i < 2; i++) {
                RawPeer peer = backend.accept();
                peer.readHead();
                peer.send(TestProxy.switching());
            }
            first.readHead();
            second.readHead();
        }
        assertThat(Collections.list(TlsFixture.sessions(tls).getIds())).hasSizeGreaterThan(1);

        failsOnce(proxy);
        opens(proxy);
        opens(proxy);

        assertThat(handshakes())
                .containsExactly(FULL, FULL, "TLS failed service/echo:ws refused_by_backend", FULL, RESUMED);
    }

    /** The backend answers a client hello with a fatal alert. */
    private void failsOnce(TestProxy proxy) throws Exception {
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            CompletableFuture<Void> failing = CompletableFuture.runAsync(() -> {
                try (RawPeer peer = backend.acceptPlain()) {
                    peer.read(100);
                    // A fatal internal_error.
                    peer.send(new byte[] {21, 3, 3, 0, 2, 2, 80});
                    peer.isReset();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(client.readHead()).startsWith(BAD_GATEWAY);
            failing.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void openWebSocketsDoNotKeepTheSessionsOfAFormerCa(String version) throws Exception {
        backend.secure(server(CHAT), version);
        TestProxy proxy = start(tls);
        SSLSessionContext former = TlsFixture.sessions(tls);
        try (TestProxy.Pair pair = proxy.open(backend)) {
            assertThat(former.getIds().hasMoreElements()).isTrue();

            TlsFixture.trust(tls, OTHER_CA.certificatePem(), null);

            assertThat(former.getIds().hasMoreElements()).isFalse();
            pair.client().send(Frame.text("still here", true));
            assertThat(pair.backend().readFrame().text()).isEqualTo("still here");
        }
    }
}
