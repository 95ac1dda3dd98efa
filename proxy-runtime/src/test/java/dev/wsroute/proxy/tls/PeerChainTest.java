// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.metrics.BackendTlsFailure;
import dev.wsroute.proxy.testkit.TestAuthority;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/** Chains that would keep the event loop busy are refused before the platform sees them. */
class PeerChainTest {

    private static final X509Certificate CERTIFICATE =
            TestAuthority.named("test CA").issue("dns:peer").certificate();

    private static final X509Certificate EXPIRED = TestAuthority.named("test CA")
            .issue("expired", Instant.now().minusSeconds(1), "dns:peer")
            .certificate();

    private static X509Certificate[] chain(int length) {
        return Collections.nCopies(length, CERTIFICATE).toArray(X509Certificate[]::new);
    }

    private static SSLEngine engine() throws Exception {
        return SSLContext.getDefault().createSSLEngine();
    }

    @Test
    void aUsualChainPasses() throws Exception {
        PeerChain.check(chain(PeerChain.MAX_CERTIFICATES));
    }

    @Test
    void clientsWithTooManyCertificatesAreRefused() throws Exception {
        ClientVerifier verifier = new ClientVerifier(ChainVerifier.ofSystem());
        X509Certificate[] chain = chain(PeerChain.MAX_CERTIFICATES + 1);
        SSLEngine engine = engine();

        assertThatThrownBy(() -> verifier.checkClientTrusted(chain, "EC", engine))
                .isInstanceOf(CertificateException.class)
                .hasMessage("the chain has 7 certificates, more than 6");
    }

    @Test
    void clientsWithTooManyCertificatesAreRefusedAgainWhenTheyResume() throws Exception {
        TrustedClients clients = TrustedClients.of(Mode.Require, List.of(CERTIFICATE));
        X509Certificate[] chain = chain(PeerChain.MAX_CERTIFICATES + 1);
        chain[0] = EXPIRED;

        assertThatThrownBy(() -> clients.verifyAgain(chain)).isInstanceOf(PeerChain.LimitException.class);
    }

    @Test
    void certificatesAreNotVerifiedWithoutAnEngine() throws Exception {
        ClientVerifier clients = new ClientVerifier(ChainVerifier.of(List.of(CERTIFICATE)));
        ServerVerifier backends = new ServerVerifier(ChainVerifier.of(List.of(CERTIFICATE)));
        X509Certificate[] trusted = chain(1);

        assertThatThrownBy(() -> clients.checkClientTrusted(trusted, "EC")).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> clients.checkClientTrusted(trusted, "EC", (Socket) null))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> backends.checkServerTrusted(trusted, "EC")).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> backends.checkServerTrusted(trusted, "EC", (Socket) null))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void backendsWithTooManyCertificatesAreRefusedWithTheReason() throws Exception {
        ServerVerifier verifier = new ServerVerifier(ChainVerifier.ofSystem());
        X509Certificate[] chain = chain(PeerChain.MAX_CERTIFICATES + 1);
        SSLEngine engine = engine();

        assertThatThrownBy(() -> verifier.checkServerTrusted(chain, "EC", engine))
                .isInstanceOfSatisfying(UnacceptedCertificateException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(BackendTlsFailure.INVALID_CERTIFICATE);
                    assertThat(refused).hasMessageContaining("7 certificates");
                });
    }

    @Test
    void aChainOfTooManyBytesIsRefused() {
        String[] names = IntStream.range(0, 1000)
                .mapToObj(i -> "dns:a-rather-long-name-of-host-" + i + ".example.com")
                .toArray(String[]::new);
        X509Certificate[] chain = {TestAuthority.named("test CA").issue(names).certificate()};

        assertThatThrownBy(() -> PeerChain.check(chain))
                .isInstanceOf(CertificateException.class)
                .hasMessage("the chain is longer than 32768 bytes");
    }
}
