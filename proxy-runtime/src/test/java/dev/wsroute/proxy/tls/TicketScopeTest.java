// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a session ticket is bound to. */
class TicketScopeTest {

    private static final TestAuthority ONE = TestAuthority.named("one");
    private static final TestAuthority OTHER = TestAuthority.named("other");
    private static final Issued CHAT = ONE.issue("dns:a.example.com", "dns:b.example.com");

    private static byte[] scope(String listener, @Nullable TrustedClients clients, Issued certificate) {
        return TicketScope.of(listener, TlsFixture.terms(clients), TlsFixture.identity(certificate));
    }

    private static TrustedClients clients(Mode mode, TestAuthority... authorities) throws MaterialException {
        List<Certificate> certificates = new ArrayList<>();
        for (TestAuthority authority : authorities) {
            certificates.addAll(CaBundle.parse("ca.crt", TlsFixture.bytes(authority.certificatePem()))
                    .certificates());
        }
        return TrustedClients.of(mode, certificates);
    }

    @Test
    void everyPartMakesADifference() throws Exception {
        assertThat(List.of(
                        scope("wss", null, CHAT),
                        scope("other", null, CHAT),
                        scope("wss", clients(Mode.Require, ONE), CHAT),
                        scope("wss", clients(Mode.Request, ONE), CHAT),
                        scope("wss", clients(Mode.Require, OTHER), CHAT),
                        scope("wss", clients(Mode.Require, ONE, OTHER), CHAT),
                        scope("wss", null, ONE.issue("dns:a.example.com")),
                        scope("wss", null, ONE.issue("dns:a.example.comdns", "dns:b.example.com"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void theOrderOfCasAndNamesAndTheKeyOfTheCertificateDoNot() throws Exception {
        assertThat(scope("wss", clients(Mode.Require, ONE, OTHER), CHAT))
                .isEqualTo(scope(
                        "wss",
                        clients(Mode.Require, OTHER, ONE),
                        OTHER.issue("dns:b.example.com", "dns:a.example.com")));
    }
}
