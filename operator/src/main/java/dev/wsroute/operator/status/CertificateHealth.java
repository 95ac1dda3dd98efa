// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.logging.Printable;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.ProxyModel;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a route's listeners and for its backends, as the proxies report them. The operator does not read them
 * itself.
 */
public final class CertificateHealth {

    /** How long before its end a certificate should have been renewed, at the latest. */
    private static final Duration WARNING = Duration.ofDays(14);

    /** Short-lived certificates are renewed when a third of their lifetime is left. */
    private static final int LIFETIME_PARTS = 3;

    private static final int MAX_FAULT = 300;

    private static final Instant FIRST_DATE = Instant.parse("1950-01-01T00:00:00Z");
    private static final Instant LAST_DATE = Instant.parse("9999-12-31T23:59:59Z");

    private final List<Certificate> certificates;
    private final Instant now;

    private CertificateHealth(List<Certificate> certificates, Instant now) {
        this.certificates = certificates;
        this.now = now;
    }

    /** What {@code reports} say of the certificates that the route refers to; other reports are ignored. */
    static CertificateHealth of(Compilation compilation, ProxyReports reports, Instant now) {
        Set<ReferredMaterial> referred = ReferredMaterial.of(compilation);
        List<CertificateReport> about = reports.certificates().stream()
                .filter(report -> referred.contains(new ReferredMaterial(report.place(), report.source())))
                .toList();
        return new CertificateHealth(
                CertificateReport.mostUrgent(about, now).stream()
                        .map(Certificate::of)
                        .distinct()
                        .toList(),
                now);
    }

    /** The same, from the observed reports. */
    public static CertificateHealth in(
            Observation observed, WebSocketRoute route, Compilation compilation, Instant now) {
        if (ReferredMaterial.of(compilation).isEmpty()) {
            return new CertificateHealth(List.of(), now);
        }
        String proxy = OwnedNames.proxy(route.getMetadata().getName());
        int desired = ProxyModel.mostReplicas(
                route.getSpec() == null ? null : route.getSpec().proxy());
        return of(compilation, ProxyReports.in(observed, proxy, desired), now);
    }

    /** The value of ResolvedRefs if a certificate is missing, broken or expired. */
    Optional<ConditionValue> problem() {
        List<Certificate> bad = certificates.stream()
                .filter(each -> each.fault != null || each.isExpired(now))
                .toList();
        return bad.stream()
                .findFirst()
                .map(first -> ConditionValue.no(
                        ConditionType.ResolvedRefs,
                        first.reason(now),
                        bad.stream().map(each -> each.problem(now)).collect(Collectors.joining(" "))));
    }

    /** A sentence for each certificate in force that should have been renewed by now and has not expired yet. */
    public List<String> expiring() {
        return certificates.stream()
                .filter(each -> each.warning() != null && !now.isBefore(each.warning()) && !each.isExpired(now))
                .map(Certificate::expiry)
                .toList();
    }

    /** When the next certificate needs a warning or expires; empty if no report says so. */
    public Optional<Instant> nextChange() {
        return certificates.stream()
                .flatMap(each -> Stream.of(each.warning(), each.notAfter).filter(Objects::nonNull))
                .filter(now::isBefore)
                .min(Instant::compareTo);
    }

    private record Certificate(
            Place place,
            String source,
            @Nullable Instant notBefore,
            @Nullable Instant notAfter,
            @Nullable String fault) {

        static Certificate of(CertificateReport report) {
            return new Certificate(
                    report.place(),
                    report.source(),
                    instant(report.notBefore()),
                    instant(report.notAfter()),
                    report.fault() == null ? null : Printable.of(report.fault(), MAX_FAULT));
        }

        /** Null for a date that no certificate can have (RFC 5280 §4.1.2.5): reports come from images of tenants. */
        private static @Nullable Instant instant(@Nullable String text) {
            try {
                Instant date = text == null ? null : Instant.parse(text);
                return date == null || date.isBefore(FIRST_DATE) || date.isAfter(LAST_DATE) ? null : date;
            } catch (DateTimeParseException e) {
                return null;
            }
        }

        String reason(Instant now) {
            if (place.ofTokens()) {
                return "InvalidKeyRef";
            }
            return isExpired(now) ? "CertificateExpired" : "InvalidCertificateRef";
        }

        boolean isExpired(Instant now) {
            return notAfter != null && !now.isBefore(notAfter);
        }

        @Nullable Instant warning() {
            if (notAfter == null) {
                return null;
            }
            Duration ahead = notBefore == null
                    ? WARNING
                    : min(WARNING, Duration.between(notBefore, notAfter).dividedBy(LIFETIME_PARTS));
            return notAfter.minus(ahead);
        }

        private static Duration min(Duration a, Duration b) {
            return a.compareTo(b) <= 0 ? a : b;
        }

        String problem(Instant now) {
            if (fault == null) {
                return place + ": the certificate of " + source + " expired at " + notAfter + ".";
            }
            String lastGood =
                    notAfter == null || isExpired(now) ? "" : " The last good one is in force, until " + notAfter + ".";
            return place + ": " + withSource(fault) + "." + lastGood;
        }

        /** The proxy's sentence, after the name of the source if it does not contain it. */
        private String withSource(String fault) {
            String sentence = fault.endsWith(".") ? fault.substring(0, fault.length() - 1) : fault;
            if (sentence.contains(source)) {
                return sentence;
            }
            boolean word = sentence.length() > 1 && Character.isLowerCase(sentence.charAt(1));
            return source + ": "
                    + (word ? Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1) : sentence);
        }

        String expiry() {
            return place + ": the certificate of " + source + " expires at " + notAfter + " and was not renewed.";
        }
    }
}
