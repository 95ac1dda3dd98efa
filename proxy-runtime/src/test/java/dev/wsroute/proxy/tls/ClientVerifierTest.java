// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.testkit.TestAuthority;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How long the session of a verified client lasts, and what is checked when it is resumed. */
class ClientVerifierTest {

    private static final TestAuthority CLIENTS = TestAuthority.named("clients");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static X509Certificate until(Instant end) {
        return CLIENTS.issue("client", end, "dns:client").certificate();
    }

    private static Duration lifetime(Duration... left) {
        X509Certificate[] chain = new X509Certificate[left.length];
        for (int i = 0; i < left.length; i++) {
            chain[i] = until(NOW.plus(left[i]));
        }
        return PeerChain.left(chain, NOW, TlsEngines.SESSION_LIFETIME);
    }

    @Test
    void aSessionEndsWithTheFirstCertificateOfItsChainAndAfterTwelveHours() {
        assertThat(lifetime(Duration.ofDays(90))).isEqualTo(Duration.ofHours(12));
        assertThat(lifetime(Duration.ofDays(90), Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
        assertThat(lifetime(Duration.ofSeconds(-1))).isZero();
    }

    @Test
    void aResumedClientMustStillBeValid() throws Exception {
        TrustedClients clients = TrustedClients.of(
                Mode.Require,
                CaBundle.parse("ca.crt", TlsFixture.bytes(CLIENTS.certificatePem()))
                        .certificates());
        X509Certificate valid = until(Instant.now().plusSeconds(3600));
        X509Certificate expired = until(Instant.now().minusSeconds(1));

        assertThatCode(() -> clients.verifyAgain(new X509Certificate[] {valid})).doesNotThrowAnyException();
        assertThatThrownBy(() -> clients.verifyAgain(new X509Certificate[] {expired}))
                .isInstanceOf(CertificateException.class);
        // A full handshake would not check it either.
        assertThatCode(() -> clients.verifyAgain(new X509Certificate[] {valid, expired}))
                .doesNotThrowAnyException();
    }
}
