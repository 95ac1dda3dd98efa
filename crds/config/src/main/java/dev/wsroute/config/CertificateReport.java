// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of a listener in a proxy's report.
 *
 * @param listener name of the listener
 * @param source such as {@code Secret apps/chat-tls}, {@code ConfigMap apps/clients} or a file
 * @param notBefore start of the validity of the certificate that {@code notAfter} is about (RFC 3339); absent if unknown
 * @param notAfter when the certificate in force expires, or the refused one if none is in force (RFC 3339); absent if unknown
 * @param fault why what the source holds now is not in force, in one sentence; absent if it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateReport(
        String listener,
        String source,
        @Nullable String notBefore,
        @Nullable String notAfter,
        @Nullable String fault) {

    /** Maximum number of certificates in a report. */
    public static final int MOST = 64;

    /** Sound certificates that expire later are not reported: a ConfigMap holds the reports of all proxies of a route. */
    private static final Duration WINDOW = Duration.ofDays(30);

    /** The operator ignores reports of more than 8 KiB. */
    private static final int MAX_TEXT = 4096;

    /** Dates, names of fields and punctuation. */
    private static final int OVERHEAD = 150;

    private static final int MAX_SOURCE = 400;
    private static final int MAX_FAULT = 300;

    public CertificateReport {
        listener = Defaults.or(listener, "");
        source = Problem.shortened(Defaults.or(source, ""), MAX_SOURCE);
        fault = fault == null ? null : Problem.shortened(fault, MAX_FAULT);
    }

    /** A certificate that is in force. */
    public static CertificateReport sound(String listener, String source, Instant notBefore, Instant notAfter) {
        return new CertificateReport(listener, source, notBefore.toString(), notAfter.toString(), null);
    }

    /** @param notAfter of the last good certificate, or of the refused one if there is none; null if unknown */
    public static CertificateReport faulty(String listener, String source, @Nullable Instant notAfter, String fault) {
        return new CertificateReport(listener, source, null, notAfter == null ? null : notAfter.toString(), fault);
    }

    /**
     * Those that need attention, at most {@value #MOST} and some 4 KiB: first those with a fault, then those that expire within
     * 30 days, the earliest first.
     */
    public static List<CertificateReport> mostUrgent(Collection<CertificateReport> all, Instant now) {
        String end = now.plus(WINDOW).toString();
        List<CertificateReport> urgent = all.stream()
                .filter(each -> each.fault != null || (each.notAfter != null && each.notAfter.compareTo(end) < 0))
                .sorted(Comparator.comparing((CertificateReport each) -> each.fault == null)
                        .thenComparing(CertificateReport::notAfter, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(CertificateReport::listener)
                        .thenComparing(CertificateReport::source))
                .limit(MOST)
                .toList();
        int length = 0;
        int count = 0;
        while (count < urgent.size() && length + urgent.get(count).length() <= MAX_TEXT) {
            length += urgent.get(count).length();
            count++;
        }
        return List.copyOf(urgent.subList(0, count));
    }

    private int length() {
        return listener.length() + source.length() + (fault == null ? 0 : fault.length()) + OVERHEAD;
    }
}
