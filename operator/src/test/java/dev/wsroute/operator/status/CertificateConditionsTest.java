// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static dev.wsroute.operator.testkit.SecureRoute.BACKEND_CA;
import static dev.wsroute.operator.testkit.SecureRoute.CLIENTS;
import static dev.wsroute.operator.testkit.SecureRoute.PROXY_CLIENT;
import static dev.wsroute.operator.testkit.SecureRoute.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.testkit.SecureRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateConditionsTest extends StatusFactoryFixture {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Place WSS = Place.ofListener("wss");
    private static final Place CHAT = Place.ofBackend("main", "service/chat:ws");

    private final Compiled compiled = SecureRoute.compiled();
    private final Instant now = clock.instant();

    @Test
    void aRouteWhoseCertificatesAreSoundIsReady() {
        CertificateReport sound = CertificateReport.sound(WSS, SECRET, now.minus(DAY), now.plus(DAY));

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(sound));

        assertCondition(status, ConditionType.ResolvedRefs, "True", "ResolvedRefs", "Every backend exists.");
        assertThat(condition(status, ConditionType.Ready).getStatus()).isEqualTo("True");
    }

    @Test
    void aMissingSecretIsAnInvalidCertificateRef() {
        CertificateReport missing = CertificateReport.faulty(WSS, SECRET, null, SECRET + " does not exist");

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(missing));

        String sentence = "Listener wss: Secret apps/chat-tls does not exist.";
        assertCondition(status, ConditionType.ResolvedRefs, "False", "InvalidCertificateRef", sentence);
        assertCondition(status, ConditionType.Ready, "False", "InvalidCertificateRef", sentence);
    }

    @Test
    void aBrokenRenewalIsReportedWithTheEndOfTheLastGoodCertificate() {
        CertificateReport broken = CertificateReport.faulty(
                WSS, SECRET, Instant.parse("2026-02-01T00:00:00Z"), "The key does not match the certificate");

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(broken));

        assertCondition(
                status,
                ConditionType.ResolvedRefs,
                "False",
                "InvalidCertificateRef",
                "Listener wss: Secret apps/chat-tls: the key does not match the certificate. The last good one is in force,"
                        + " until 2026-02-01T00:00:00Z.");
    }

    @Test
    void anExpiredCertificateIsReportedEvenBeforeTheProxyCallsItFaulty() {
        CertificateReport expired =
                CertificateReport.sound(WSS, SECRET, now.minus(DAY), Instant.parse("2026-01-02T03:04:05Z"));

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(expired));

        assertCondition(
                status,
                ConditionType.ResolvedRefs,
                "False",
                "CertificateExpired",
                "Listener wss: the certificate of Secret apps/chat-tls expired at 2026-01-02T03:04:05Z.");
    }

    @Test
    void whatSeveralProxiesReportIsSaidOnceAndCaCertificatesCount() {
        CertificateReport missing = CertificateReport.faulty(WSS, SECRET, null, "does not exist");
        CertificateReport ca = CertificateReport.faulty(WSS, CLIENTS, null, "is not PEM");

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(missing, ca));

        assertThat(condition(status, ConditionType.ResolvedRefs).getMessage())
                .isEqualTo("Listener wss: ConfigMap apps/clients: is not PEM."
                        + " Listener wss: Secret apps/chat-tls: does not exist.");
    }

    @Test
    void whatIsWrongForABackendIsReportedWithItsRule() {
        CertificateReport broken =
                CertificateReport.faulty(CHAT, BACKEND_CA, null, "The ca.crt holds no certificate in PEM");

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(broken));

        assertCondition(
                status,
                ConditionType.ResolvedRefs,
                "False",
                "InvalidCertificateRef",
                "Rule main, backend service/chat:ws: ConfigMap apps/chat-ca: the ca.crt holds no certificate in PEM.");
    }

    @Test
    void aClientCertificateForABackendExpiresLikeOthers() {
        Instant end = Instant.parse("2026-01-02T03:04:05Z");
        CertificateReport expired = CertificateReport.sound(CHAT, PROXY_CLIENT, now.minus(DAY), end);

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(expired));

        assertCondition(
                status,
                ConditionType.ResolvedRefs,
                "False",
                "CertificateExpired",
                "Rule main, backend service/chat:ws: the certificate of Secret apps/proxy-client expired at " + end
                        + ".");
    }

    @Test
    void reportsAboutOtherBackendsAreIgnored() {
        WebSocketRouteStatus status = status(
                compiled,
                APPLIED,
                reporting(
                        CertificateReport.faulty(
                                Place.ofBackend("other", "service/chat:ws"), BACKEND_CA, null, "does not exist"),
                        CertificateReport.faulty(WSS, BACKEND_CA, null, "does not exist"),
                        CertificateReport.faulty(CHAT, SECRET, null, "does not exist")));

        assertThat(condition(status, ConditionType.ResolvedRefs).getStatus()).isEqualTo("True");
    }

    @Test
    void reportsAboutOtherListenersAndSecretsAreIgnored() {
        WebSocketRouteStatus status = status(
                compiled,
                APPLIED,
                reporting(
                        CertificateReport.faulty(WSS, "Secret apps/former", null, "does not exist"),
                        CertificateReport.faulty(Place.ofListener("web"), SECRET, null, "does not exist")));

        assertThat(condition(status, ConditionType.ResolvedRefs).getStatus()).isEqualTo("True");
    }

    @Test
    void aProxyCannotWriteSeveralLinesIntoTheStatus() {
        CertificateReport odd = CertificateReport.faulty(WSS, SECRET, null, "one\ntwo\u001b[31m");

        WebSocketRouteStatus status = status(compiled, APPLIED, reporting(odd));

        assertThat(condition(status, ConditionType.ResolvedRefs).getMessage()).doesNotContain("\n", "\u001b");
    }

    @Test
    void aWarningIsDue14DaysBeforeTheEnd() {
        Instant end = now.plus(DAY.multipliedBy(14)).plusSeconds(60);
        CertificateReport year = CertificateReport.sound(WSS, SECRET, end.minus(DAY.multipliedBy(365)), end);

        assertThat(health(year, now).expiring()).isEmpty();
        assertThat(health(year, now).nextChange()).contains(now.plusSeconds(60));
        assertThat(health(year, now.plusSeconds(60)).expiring())
                .containsExactly("Listener wss: the certificate of Secret apps/chat-tls expires at " + end
                        + " and was not renewed.");
        assertThat(health(year, now.plusSeconds(60)).nextChange()).contains(end);
        assertThat(health(year, end).expiring()).isEmpty();
    }

    @Test
    void aShortLivedCertificateIsWarnedOfWhenAThirdOfItsLifetimeIsLeft() {
        CertificateReport threeDays =
                CertificateReport.sound(WSS, SECRET, now.minus(DAY), now.plus(DAY.multipliedBy(2)));

        assertThat(health(threeDays, now).expiring()).isEmpty();
        assertThat(health(threeDays, now).nextChange()).contains(now.plus(DAY));
        assertThat(health(threeDays, now.plus(DAY)).expiring()).hasSize(1);
    }

    private CertificateHealth health(CertificateReport report, Instant at) {
        return CertificateHealth.in(reporting(report).observed(), SecureRoute.create(), compiled, at);
    }

    private WebSocketRouteStatus status(Compiled of, ApplyOutcome outcome, Fixtures around) {
        return factory.of(SecureRoute.create(), of, outcome, around.observed());
    }

    /** Two ready proxies that report the same. */
    private Fixtures reporting(CertificateReport... certificates) {
        String report = json(new ProxyReport(compiled.version(), null, 4, List.of(certificates)));
        return Fixtures.healthy()
                .proxies(Fixtures.slice("wss", Fixtures.endpoint("p1", true), Fixtures.endpoint("p2", true)))
                .report("p1", report)
                .report("p2", report);
    }

    private static String json(ProxyReport report) {
        try {
            return new ObjectMapper().writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
