// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.testkit.TestAuthority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BackendCertificatesTest extends CertificatesFixture {

    private TlsBackend backend(ProxyConfig config) {
        return backend(certificates, config);
    }

    @Test
    void aBackendNeedsEverythingThatItsSettingsName() {
        ProxyConfig config = withBackend(new BackendTls(List.of(CLIENTS), null, null, SECRET));
        var known = certificates.require(config);
        certificates.applied(config);
        TlsBackend backend = backend(config);

        assertThat(backend.hostname()).isEqualTo("chat.apps.svc");
        assertThat(backend.client().terms()).isNull();
        assertThat(reports)
                .allSatisfy(
                        report -> assertThat(report.place()).isEqualTo(Place.ofBackend("main", "service/chat:wss")));
        Instant late = Instant.now().plus(Duration.ofDays(30)).plus(Duration.ofHours(12));
        source(SECRET).offer(data(CA.issue("client", late)));
        assertThat(backend.client().terms()).isNull();
        assertThat(known).isNotDone();
        source(CLIENTS).offer(bundle(CA));

        assertThat(known).isDone();
        assertThat(Objects.requireNonNull(backend.client().terms()).identity()).isNotNull();
        assertThat(reports).isEmpty();
        assertThat(kept)
                .containsOnlyKeys(
                        "client certificate of Secret apps/chat-tls", "CA certificates of ConfigMap apps/clients");
    }

    @Test
    void aBackendUsesRenewedCaCertificatesAndKeepsTheLastGoodOnes() {
        ProxyConfig config = withBackend(new BackendTls(List.of(CLIENTS), null, "chat.example.com", null));
        certificates.applied(config);
        FakeSource authorities = source(CLIENTS);
        authorities.offer(bundle(CA));
        TlsBackend backend = backend(config);
        ClientTerms first = backend.client().terms();

        authorities.offer(bundle(TestAuthority.named("next")));
        ClientTerms second = backend.client().terms();
        assertThat(second).isNotNull().isNotEqualTo(first);
        authorities.offer(Map.of("ca.crt", TlsFixture.bytes("nonsense")));

        assertThat(backend.hostname()).isEqualTo("chat.example.com");
        assertThat(backend.client().terms()).isEqualTo(second);
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.place()).hasToString("Rule main, backend service/chat:wss");
            assertThat(report.source()).isEqualTo("ConfigMap apps/clients");
            assertThat(report.fault()).isNotNull();
        });
    }

    @Test
    void aBackendWithoutCaCertificatesTrustsTheSystems() {
        ProxyConfig config = withBackend(BackendTls.SYSTEM);
        assertThat(certificates.require(config)).isDone();

        certificates.applied(config);

        assertThat(backend(config).client().terms()).isEqualTo(new ClientTerms(systemsOwn(), null));
    }

    private static TrustedServers systemsOwn() {
        try {
            return TrustedServers.ofSystem();
        } catch (MaterialException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAFormerConfigurationUsesForBackendsStaysForAWhile() {
        ProxyConfig config = withBackend(BackendTls.SYSTEM);
        certificates.applied(config);
        TlsBackend backend = backend(config);

        certificates.applied(plain());

        assertThat(backend.client().terms()).isNotNull();
        certificates.check();
        certificates.check();
        assertThat(backend.client().terms()).isNull();
    }
}
