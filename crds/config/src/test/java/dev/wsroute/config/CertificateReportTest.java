// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.CertificateReport.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CertificateReportTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Place WSS = Place.ofListener("wss");

    private final CertificateReport broken = CertificateReport.faulty(WSS, "Secret apps/broken", null, "is not PEM");
    private final CertificateReport late = sound("late", NOW.plus(DAY.multipliedBy(29)));
    private final CertificateReport early = sound("early", NOW.plus(DAY));

    @Test
    void faultsComeFirstAndThenTheCertificatesThatExpireSoonest() {
        assertThat(CertificateReport.mostUrgent(List.of(late, early, broken), NOW))
                .containsExactly(broken, early, late);
    }

    @Test
    void soundCertificatesThatLastAreNotReported() {
        assertThat(CertificateReport.mostUrgent(List.of(late, sound("later", NOW.plus(DAY.multipliedBy(31)))), NOW))
                .containsExactly(late);
    }

    @Test
    void aReportOfThousandsOfCertificatesIsShort() throws JsonProcessingException {
        List<CertificateReport> many = IntStream.range(0, 10_000)
                .mapToObj(i -> CertificateReport.faulty(
                        WSS, "Secret apps/certificate-" + i, NOW, "The key does not match the certificate"))
                .toList();

        ProxyReport report = new ProxyReport(
                new ConfigVersion(1, "a"),
                new ProxyReport.Refusal(null, "x".repeat(2_500)),
                1,
                CertificateReport.mostUrgent(many, NOW));

        assertThat(report.certificates()).hasSizeBetween(10, CertificateReport.MOST);
        assertThat(new ObjectMapper().writeValueAsString(report)).hasSizeLessThan(8 * 1024);
    }

    @Test
    void certificatesOfListenersAndOfBackendsAreToldApart() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        CertificateReport ofBackend = CertificateReport.faulty(
                Place.ofBackend("main", "service/chat:wss"), "ConfigMap apps/ca", null, "is not PEM");

        String text = json.writeValueAsString(ofBackend);

        assertThat(text).doesNotContain("listener");
        assertThat(json.readValue(text, CertificateReport.class)).isEqualTo(ofBackend);
        assertThat(ofBackend.place()).hasToString("Rule main, backend service/chat:wss");
        assertThat(broken.place()).hasToString("Listener wss");
    }

    @Test
    void longTextIsShortened() {
        CertificateReport report = CertificateReport.faulty(WSS, "/" + "x".repeat(5_000), null, "x".repeat(5_000));

        assertThat(report.source()).hasSize(400).endsWith("...");
        assertThat(report.fault()).hasSize(300).endsWith("...");
    }

    private static CertificateReport sound(String name, Instant notAfter) {
        return CertificateReport.sound(WSS, "Secret apps/" + name, NOW.minus(DAY), notAfter);
    }
}
