// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Backends whose certificate is not accepted. */
class BackendTlsVerificationTest extends BackendTlsFixture {

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
}
