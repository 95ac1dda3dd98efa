// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** Listeners that ask for client certificates. */
class TlsClientCertificateTest extends TlsListenerFixture {

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

    /** With TLS 1.3, the client's handshake completes before the server refuses its certificate. */
    private boolean isServed(TestProxy proxy, Presented identity) {
        try (RawPeer client = RawPeer.secure(proxy.address(), identity.context(), "chat.example.com")) {
            client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
            return client.readHead().startsWith("HTTP/1.1 404 ");
        } catch (IOException refused) {
            return false;
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
