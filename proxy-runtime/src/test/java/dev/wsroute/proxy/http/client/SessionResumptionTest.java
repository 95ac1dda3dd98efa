// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.testkit.OpensslClient;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code openssl s_client} resumes a session that it has from another proxy, and where it must not. */
@Tag("slow")
class SessionResumptionTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final TestAuthority CLIENTS = TestAuthority.named("clients");
    private static final Issued CHAT = CA.issue("chat", Instant.now().plusSeconds(86400), "dns:chat.example.com");
    private static final Issued OTHER = CA.issue("other", Instant.now().plusSeconds(86400), "dns:other.example.com");
    private static final Pattern FORWARDED = Pattern.compile("X-Forwarded-Client-Cert: [^\r]*");

    @TempDir
    Path folder;

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final List<TlsListener> listeners = new ArrayList<>();
    private final List<TestProxy> proxies = new ArrayList<>();
    private RawBackend backend;

    @BeforeEach
    void start() throws Exception {
        OpensslClient.assumeInstalled();
        backend = RawBackend.start();
    }

    @AfterEach
    void stop() throws IOException {
        proxies.forEach(TestProxy::close);
        listeners.forEach(TlsFixture::renew);
        if (backend != null) {
            backend.close();
        }
    }

    private TestProxy proxy(TlsListener listener) throws IOException {
        listeners.add(listener);
        TestProxy proxy = TestProxy.options()
                .to(backend.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofSeconds(60)))
                .metrics(metrics)
                .tls(listener)
                .start();
        proxies.add(proxy);
        return proxy;
    }

    private static String request(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    }

    /** A client that may keep its session. */
    private final class Client {

        private final List<String> options = new ArrayList<>();
        private final Path session = folder.resolve("session-" + Math.random());

        Client(String version) {
            options.addAll(List.of(version, "-servername", "chat.example.com"));
        }

        Client presenting(Issued issued) throws IOException {
            options.addAll(OpensslClient.presenting(issued, folder));
            return this;
        }

        /** Connects for the first time and keeps the session. */
        String begin(TestProxy proxy) throws Exception {
            String output = run(proxy, "nowhere.example", "-sess_out", session.toString());
            assertThat(output).contains("New, TLSv1").contains("HTTP/1.1 404 ");
            assertThat(session).exists();
            return output;
        }

        /** Comes back with the session. */
        String comeBack(TestProxy proxy, String... more) throws Exception {
            List<String> all = new ArrayList<>(List.of(more));
            all.addAll(List.of("-sess_in", session.toString()));
            return run(proxy, "nowhere.example", all.toArray(String[]::new));
        }

        String run(TestProxy proxy, String host, String... more) throws Exception {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of(more));
            return OpensslClient.run(proxy, request(host), all);
        }
    }

    private static void assertResumed(String output) {
        assertThat(output).contains("Reused, TLSv1").contains("HTTP/1.1 404 ");
    }

    private static void assertFull(String output) {
        assertThat(output).contains("New, TLSv1").contains("HTTP/1.1 404 ").doesNotContain("Reused");
    }

    private static void assertRefused(String output) {
        assertThat(output).contains("alert").doesNotContain("HTTP/1.1").doesNotContain("Reused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionIsResumedOnEveryProxyWithTheSameKeys(String version) throws Exception {
        TestProxy one = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy other = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy stranger = proxy(TlsFixture.listener(CHAT));
        Client client = new Client(version);

        client.begin(one);
        assertThat(metrics.events()).contains("TLS full").doesNotContain("TLS resumed");

        assertResumed(client.comeBack(other));
        assertThat(metrics.events()).contains("TLS resumed");
        assertFull(client.comeBack(stranger));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionOutlivesOneRotationButNotThree(String version) throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        Client client = new Client(version);
        client.begin(proxy);

        TlsFixture.share(listener, 2, 3, 4);
        assertResumed(client.comeBack(proxy));

        TlsFixture.share(listener, 4, 5, 6);
        assertFull(client.comeBack(proxy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void duringARotationEachProxyOpensTheTicketsOfTheOthers(String version) throws Exception {
        TestProxy ahead = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 2, 3, 4));
        TestProxy behind = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        Client first = new Client(version);
        Client second = new Client(version);

        first.begin(ahead);
        assertResumed(first.comeBack(behind));
        second.begin(behind);
        assertResumed(second.comeBack(ahead));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aTicketWithoutAClientCertificateOpensNoListenerThatAsksForOne(String version) throws Exception {
        TestProxy open = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy strict = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        TestProxy lenient = proxy(TlsFixture.share(TlsFixture.listener(Mode.Request, CLIENTS, CHAT), 1, 2, 3));
        Client client = new Client(version);

        client.begin(open);
        assertRefused(client.comeBack(strict));
        assertFull(client.comeBack(lenient));
        client.begin(lenient);
        assertRefused(client.comeBack(strict));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aResumedConnectionHasTheClientsCertificate(String version) throws Exception {
        TestProxy one = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        TestProxy other = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        Client client = new Client(version).presenting(CLIENTS.issue("uri:spiffe://a/b", "dns:client"));
        client.begin(one);

        String first = forwarded(client, one);
        String resumed = forwarded(client, other);

        assertThat(resumed).contains("URI=spiffe://a/b;DNS=client").isEqualTo(first);
        assertThat(metrics.events().stream().filter("TLS resumed"::equals)).hasSize(2);
    }

    /** What the backend hears of a client that comes back. */
    private String forwarded(Client client, TestProxy proxy) throws Exception {
        CompletableFuture<String> head = CompletableFuture.supplyAsync(() -> {
            try (RawPeer behind = backend.accept()) {
                String received = behind.readHead();
                behind.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                return received;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(client.run(proxy, "chat.example.com", "-sess_in", client.session.toString()))
                .contains("Reused, TLSv1");
        Matcher header = FORWARDED.matcher(head.get());
        assertThat(header.find()).isTrue();
        return header.group();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientWithALongChainComesBackWithATicketThatIsLongerThanARecord(String version) throws Exception {
        TestProxy proxy = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        String name = "dns:" + "a".repeat(60) + ".example.com";
        Issued large = CLIENTS.issue(Collections.nCopies(90, name).toArray(String[]::new));
        Client client = new Client(version);
        client.options.addAll(
                OpensslClient.presenting(CLIENTS.issue("dns:client"), Collections.nCopies(4, large), folder));

        client.begin(proxy);

        assertThat(Files.size(client.session)).isGreaterThan(24 * 1024);
        assertResumed(client.comeBack(proxy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientOfARemovedCaIsRefusedAlthoughItsTicketWasGood(String version) throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        Client client = new Client(version).presenting(CLIENTS.issue("dns:client"));
        client.begin(proxy);
        assertResumed(client.comeBack(proxy));

        TlsFixture.ask(listener, Mode.Require, TestAuthority.named("successor"), CHAT);

        assertRefused(client.comeBack(proxy));
    }

    @Test
    void aClientWhoseCertificateHasExpiredIsRefusedAlthoughItsTicketWasGood() throws Exception {
        TestProxy proxy = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        Instant end = Instant.now().plusSeconds(8);
        Issued shortLived = CLIENTS.issue("client", end, "dns:client");
        Client older = new Client("-tls1_2").presenting(shortLived);
        Client newer = new Client("-tls1_3").presenting(shortLived);
        older.begin(proxy);
        newer.begin(proxy);
        assertResumed(older.comeBack(proxy));
        assertResumed(newer.comeBack(proxy));

        await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));

        assertRefused(older.comeBack(proxy));
        assertRefused(newer.comeBack(proxy));
        // A full handshake, in which a renewed certificate is accepted: no client is stuck with its session.
        Client renewed = new Client("-tls1_3").presenting(CLIENTS.issue("dns:client"));
        assertFull(renewed.run(proxy, "nowhere.example", "-sess_in", newer.session.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aTicketOfAnotherListenerMeansNothing(String version) throws Exception {
        TestProxy one = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy other = proxy(TlsFixture.share(TlsFixture.named("other", CHAT), 1, 2, 3));
        Client client = new Client(version);

        client.begin(one);

        assertFull(client.comeBack(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aTicketOfOneHostDoesNotReachThatOfAnotherCertificate(String version) throws Exception {
        TestProxy proxy = proxy(TlsFixture.share(TlsFixture.listener(CHAT, OTHER), 1, 2, 3));
        Client client = new Client(version);
        client.begin(proxy);

        assertThat(client.run(proxy, "other.example.com", "-sess_in", client.session.toString()))
                .contains("Reused, TLSv1")
                .contains("HTTP/1.1 421 ");
        String other = client.comeBack(proxy, "-servername", "other.example.com");
        assertThat(other).contains("New, TLSv1").doesNotContain("Reused").containsPattern("subject=CN ?= ?other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aRenewedCertificateForTheSameHostsGoesOn(String version) throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        Client client = new Client(version);
        client.begin(proxy);

        TlsFixture.renew(listener, CA.issue("dns:chat.example.com"));

        assertResumed(client.comeBack(proxy));
    }

    @Test
    void withoutTicketsEveryHandshakeIsFull() throws Exception {
        TestProxy proxy = proxy(TlsFixture.withoutTickets(CHAT));
        TestProxy with = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        String older = new Client("-tls1_2").run(proxy, "nowhere.example");
        String newer = new Client("-tls1_3").run(proxy, "nowhere.example");
        Client client = new Client("-tls1_3");

        assertThat(older).contains("Session-ID: \n").doesNotContain("session ticket");
        assertThat(newer).doesNotContainIgnoringCase("session ticket");
        assertThat(client.begin(with)).containsIgnoringCase("session ticket");
        assertFull(client.comeBack(proxy));
    }

    @Test
    void aRotationLosesNoConnection() throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        List<TestProxy.Pair> open = new ArrayList<>();
        try {
            for (int rotation = 1; rotation <= 10; rotation++) {
                int oldest = rotation;
                Thread rotating = new Thread(() -> TlsFixture.share(listener, oldest + 1, oldest + 2, oldest + 3));
                rotating.start();
                for (int i = 0; i < 5; i++) {
                    open.add(proxy.open(backend, RawPeer.secure(proxy.address(), CA.client(), "chat.example.com")));
                }
                rotating.join();
            }

            for (TestProxy.Pair pair : open) {
                pair.client().send("\u0081\u0080\u0000\u0000\u0000\u0000");
                assertThat(pair.backend().readText(6)).startsWith("\u0081");
            }
        } finally {
            for (TestProxy.Pair pair : open) {
                pair.close();
            }
        }
    }
}
