// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.status.CertificateHealth;
import dev.wsroute.operator.status.Observation;
import dev.wsroute.operator.testkit.MovableClock;
import dev.wsroute.operator.testkit.SecureRoute;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpiryWarningsTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final MockApi api = MockApi.start();
    private final MovableClock clock = new MovableClock();
    private final Instant end = clock.instant().plus(DAY.multipliedBy(15));
    private final WebSocketRoute route = SecureRoute.create();
    private final ExpiryWarnings warnings = new ExpiryWarnings(clock, new RouteEvents(clock));

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aCertificateIsWarnedOfFrom14DaysBeforeItsEndOnceADay() {
        assertThat(warn()).isEqualTo(DAY);
        assertThat(events()).isEmpty();

        clock.advance(DAY);
        assertThat(warn()).isEqualTo(DAY);
        assertThat(warn()).isEqualTo(DAY);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getReason()).isEqualTo("CertificateExpiring");
            assertThat(event.getMessage())
                    .isEqualTo("Listener wss: the certificate of Secret apps/chat-tls expires at " + end
                            + " and was not renewed.");
            assertThat(event.getInvolvedObject().getName()).isEqualTo("chat");
            assertThat(event.getCount()).isEqualTo(1);
        });

        clock.advance(DAY.minusSeconds(1));
        assertThat(warn()).isEqualTo(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        warn();
        assertThat(events()).singleElement().extracting(Event::getCount).isEqualTo(2);
    }

    @Test
    void theRouteIsReconciledWhenTheCertificateExpires() {
        clock.advance(DAY.multipliedBy(15).minusSeconds(7));

        assertThat(warn()).isEqualTo(Duration.ofSeconds(7));
        clock.advance(Duration.ofSeconds(7));
        assertThat(warn()).isZero();
    }

    @Test
    void withoutReportsThereIsNothingToWaitFor() {
        assertThat(warnings.warn(route, health(), api.client())).isZero();
    }

    @Test
    void datesThatNoCertificateHasAreIgnored() {
        for (String absurd : List.of("-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z")) {
            CertificateReport report = CertificateReport.sound(
                    Place.ofListener("wss"), SecureRoute.SECRET, Instant.EPOCH, Instant.parse(absurd));

            assertThat(warnings.warn(route, health(report), api.client())).isZero();
        }
        assertThat(events()).isEmpty();
    }

    private Duration warn() {
        CertificateReport sound = CertificateReport.sound(
                Place.ofListener("wss"), SecureRoute.SECRET, end.minus(DAY.multipliedBy(365)), end);
        return warnings.warn(route, health(sound), api.client());
    }

    private CertificateHealth health(CertificateReport... certificates) {
        ProxyReport report = new ProxyReport(null, null, 0, List.of(certificates));
        Observation observed = new Observation(
                null,
                null,
                new ConfigMapBuilder().addToData("chat-proxy-1", json(report)).build(),
                List.of(),
                List::of,
                service -> List.of());
        return CertificateHealth.in(observed, route, SecureRoute.compiled(), clock.instant());
    }

    private static String json(ProxyReport report) {
        try {
            return new ObjectMapper().writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Event> events() {
        return api.client().v1().events().inNamespace("apps").list().getItems();
    }
}
