// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that ask for the certificate of the proxy. */
class BackendTlsClientCertificateTest extends BackendTlsFixture {

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
}
