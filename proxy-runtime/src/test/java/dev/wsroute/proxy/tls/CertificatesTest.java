// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CertificatesTest extends CertificatesFixture {

    @Test
    void theCertificateOfTheSourceIsUsedAndKept() {
        Issued issued = soon();

        var known = certificates.require(config(ListenerTls.of(List.of(SECRET))));
        assertThat(known).isNotDone();
        source(SECRET).offer(data(issued));
        assertThat(known).isDone();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(issued));
        assertThat(kept).containsOnlyKeys("server certificate of Secret apps/chat-tls");
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.listener()).isEqualTo("wss");
            assertThat(report.source()).isEqualTo("Secret apps/chat-tls");
            assertThat(report.notAfter()).isNotNull();
            assertThat(report.fault()).isNull();
        });
        assertThat(soonest).containsOnlyKeys("wss");
    }

    @Test
    void aRenewedCertificateReplacesTheOldOneAndABrokenOneDoesNot() {
        Issued renewed = soon();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(soon()));

        Map<String, byte[]> good = data(renewed);
        source(SECRET).offer(good);
        assertThat(inForce()).isEqualTo(TlsFixture.identity(renewed));
        Map<String, byte[]> mixed = new HashMap<>(good);
        mixed.put("tls.key", TlsFixture.bytes(CA.issue("dns:a").keyPem()));
        source(SECRET).offer(mixed);

        assertThat(inForce()).isEqualTo(TlsFixture.identity(renewed));
        assertThat(fault()).isEqualTo("The key does not match the certificate");
        assertThat(kept.get("server certificate of Secret apps/chat-tls")).isEqualTo(good);
        source(SECRET).offer(data(renewed));
        assertThat(reports.get(0).fault()).isNull();
    }

    @Test
    void anExpiredRenewalIsRefused() {
        Issued good = soon();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(good));

        source(SECRET).offer(data(CA.issue("test", Instant.now().minus(Duration.ofDays(1)), "dns:chat.example.com")));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(good));
        assertThat(fault()).startsWith("The certificate expired at ");
    }

    @Test
    void anExpiredCertificateIsReportedAndUsedWhileThereIsNoOther() {
        Issued expired = CA.issue("test", Instant.now().minus(Duration.ofDays(1)), "dns:chat.example.com");
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));

        source(SECRET).offer(data(expired));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(expired));
        assertThat(fault()).startsWith("The certificate expired at ");
    }

    @Test
    void aCertificateThatExpiresIsReportedByTheNextCheck() {
        Instant end = Instant.now().plus(Duration.ofDays(1));
        Certificates later = create(Clock.fixed(end.plusSeconds(1), ZoneOffset.UTC));
        kept.put("server certificate of Secret apps/chat-tls", data(CA.issue("test", end, "dns:chat.example.com")));

        later.applied(config(ListenerTls.of(List.of(SECRET))));
        later.check();

        assertThat(fault()).startsWith("The certificate expired at ");
    }

    @Test
    void aMissingSecretIsReportedAndWorksAsSoonAsItIsThere() {
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).unavailable("Secret apps/chat-tls does not exist");
        assertThat(inForce()).isNull();
        assertThat(fault()).isEqualTo("Secret apps/chat-tls does not exist");

        source(SECRET).offer(data(soon()));

        assertThat(inForce()).isNotNull();
        assertThat(reports.get(0).fault()).isNull();
    }

    @Test
    void aDeletedSecretStaysInForce() {
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(soon()));

        source(SECRET).unavailable("Secret apps/chat-tls was deleted");

        assertThat(inForce()).isNotNull();
        assertThat(fault()).isEqualTo("Secret apps/chat-tls was deleted");
    }

    @Test
    void whatAnEarlierProcessKeptIsUsedUntilTheSourceReports() {
        Issued last = soon();
        kept.put("server certificate of Secret apps/chat-tls", data(last));

        assertThat(certificates.require(config(ListenerTls.of(List.of(SECRET)))))
                .isDone();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(last));
    }

    @Test
    void filesAreNotKept() {
        certificates.applied(config(ListenerTls.of(List.of(FILE))));

        source(FILE).offer(data(soon()));

        assertThat(inForce()).isNotNull();
        assertThat(kept).isEmpty();
    }

    @Test
    void noHandshakeSucceedsBeforeTheClientsCaIsKnown() {
        ListenerTls tls = new ListenerTls(
                List.of(SECRET), new ClientCertificates(Mode.Require, List.of(CLIENTS)), null, null, null);
        certificates.applied(config(tls));
        source(SECRET).offer(data(soon()));
        assertThat(inForce()).isNull();

        source(CLIENTS).offer(bundle(CA));

        assertThat(inForce()).isNotNull();
    }

    @Test
    void theKeyOfTheClientsCaIsNotKept() {
        CaCertificateSource ca = CaCertificateSource.ofSecret("apps", "clients");
        certificates.applied(config(
                new ListenerTls(List.of(SECRET), new ClientCertificates(Mode.Require, List.of(ca)), null, null, null)));
        Map<String, byte[]> served = new HashMap<>(data(soon()));
        served.put("ca.crt", TlsFixture.bytes(CA.certificatePem()));
        Map<String, byte[]> issuer = new HashMap<>(data(CA.itself()));
        issuer.put("ca.crt", TlsFixture.bytes(CA.certificatePem()));

        source(SECRET).offer(served);
        source(ca).offer(issuer);

        assertThat(inForce()).isNotNull();
        assertThat(kept.get("server certificate of Secret apps/chat-tls")).containsOnlyKeys("tls.crt", "tls.key");
        assertThat(kept.get("CA certificates of Secret apps/clients")).containsOnlyKeys("ca.crt");
    }

    @Test
    void sourcesThatNoListenerNamesAreClosedAndForgotten() {
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(soon()));
        TlsListener listener = Objects.requireNonNull(certificates.listener("wss"));

        certificates.applied(plain());

        assertThat(source(SECRET).closed).isTrue();
        assertThat(kept).isEmpty();
        assertThat(reports).isEmpty();
        assertThat(certificates.listener("wss")).isNull();
        // Its socket may still accept queued clients.
        assertThat(listener.certificates().select(null)).isNotNull();
        certificates.check();
        certificates.check();
        assertThat(listener.certificates().select(null)).isNull();
    }
}
