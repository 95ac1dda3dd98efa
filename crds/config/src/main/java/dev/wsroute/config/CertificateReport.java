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
 * A certificate in a proxy's report: of a listener, or of a rule's backend; or the keys of a rule's tokens, or its deny list. Operators
 * of schema version 1.5 know those of listeners only, of 1.6 those of backends, too.
 *
 * @param listener name of the listener; absent if it is of a backend
 * @param rule name of the rule with the backend; absent if it is of a listener
 * @param backend name of the backend; absent if it is not of a backend
 * @param source such as {@code Secret apps/chat-tls}, {@code ConfigMap apps/clients} or a file
 * @param notBefore start of the validity of the certificate that {@code notAfter} is about (RFC 3339); absent if unknown
 * @param notAfter when the certificate in force expires, or the refused one if none is in force (RFC 3339); absent if unknown
 * @param fault why what the source holds now is not in force, in one sentence; absent if it is
 * @param provider name of the provider of tokens whose keys these are; absent if they are none; API keys and passwords have
 *     {@code *} and what they are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateReport(
        @Nullable String listener,
        @Nullable String rule,
        @Nullable String backend,
        String source,
        @Nullable String notBefore,
        @Nullable String notAfter,
        @Nullable String fault,
        @Nullable String provider) {

    /** Maximum number of certificates in a report. */
    public static final int MOST = 64;

    /** Sound certificates that expire later are not reported: a ConfigMap holds the reports of all proxies of a route. */
    private static final Duration WINDOW = Duration.ofDays(30);

    /** The operator ignores reports of more than 8 KiB. */
    private static final int MAX_TEXT = 4096;

    /** Dates, names of fields and punctuation. */
    private static final int OVERHEAD = 150;

    private static final int MAX_SOURCE = 400;
    private static final int MAX_NAME = 400;
    private static final int MAX_FAULT = 300;

    /**
     * What a certificate is for: a listener, or a rule's backend, tokens or deny list.
     *
     * @param listener null for a rule
     * @param rule null for a listener
     * @param backend null for everything but a backend
     * @param provider null for everything but keys of tokens
     */
    public record Place(
            @Nullable String listener,
            @Nullable String rule,
            @Nullable String backend,
            @Nullable String provider) implements Comparable<Place> {

        private static final Comparator<Place> ORDER = Comparator.comparing(Place::listener, nullsFirst())
                .thenComparing(Place::rule, nullsFirst())
                .thenComparing(Place::backend, nullsFirst())
                .thenComparing(Place::provider, nullsFirst());

        /** A use of credentials: the API keys of a rule. */
        public static final String API_KEYS = "API keys";

        /** A use of credentials: the passwords of a rule. */
        public static final String PASSWORDS = "passwords";

        private static final String CREDENTIALS = "*";

        /** The listener with this name. */
        public static Place ofListener(String name) {
            return new Place(name, null, null, null);
        }

        /** The backend of this name in the rule of that name. */
        public static Place ofBackend(String rule, String backend) {
            return new Place(null, rule, Problem.shortened(backend, MAX_NAME), null);
        }

        /** The keys of the provider of this name in the rule of that name. */
        public static Place ofProvider(String rule, String provider) {
            return new Place(null, rule, null, Problem.shortened(provider, MAX_NAME));
        }

        /**
         * API keys or passwords of the rule of this name. No provider has such a name.
         *
         * @param use {@value #API_KEYS} or {@value #PASSWORDS}
         */
        public static Place ofCredentials(String rule, String use) {
            return new Place(null, rule, null, CREDENTIALS + use);
        }

        /** The deny list of the rule with this name. */
        public static Place ofDenyList(String rule) {
            return new Place(null, rule, null, null);
        }

        /** Whether it is about tokens. */
        public boolean ofTokens() {
            return listener == null && backend == null;
        }

        private static Comparator<@Nullable String> nullsFirst() {
            return Comparator.nullsFirst(Comparator.naturalOrder());
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }

        /** Begins a sentence, such as {@code Listener wss} or {@code Rule main, backend service/chat:ws}. */
        @Override
        public String toString() {
            if (listener != null) {
                return "Listener " + listener;
            }
            String what = provider == null
                    ? "revoked tokens"
                    : provider.startsWith(CREDENTIALS)
                            ? provider.substring(CREDENTIALS.length())
                            : "tokens of " + provider;
            return "Rule " + rule + ", " + (backend == null ? what : "backend " + backend);
        }
    }

    public CertificateReport {
        backend = backend == null ? null : Problem.shortened(backend, MAX_NAME);
        provider = provider == null ? null : Problem.shortened(provider, MAX_NAME);
        source = Problem.shortened(Defaults.or(source, ""), MAX_SOURCE);
        fault = fault == null ? null : Problem.shortened(fault, MAX_FAULT);
    }

    /** A certificate that is in force. */
    public static CertificateReport sound(Place place, String source, Instant notBefore, Instant notAfter) {
        return of(place, source, notBefore, notAfter, null);
    }

    /** @param notAfter of the last good certificate, or of the refused one if there is none; null if unknown */
    public static CertificateReport faulty(Place place, String source, @Nullable Instant notAfter, String fault) {
        return of(place, source, null, notAfter, fault);
    }

    private static CertificateReport of(
            Place place,
            String source,
            @Nullable Instant notBefore,
            @Nullable Instant notAfter,
            @Nullable String fault) {
        return new CertificateReport(
                place.listener,
                place.rule,
                place.backend,
                source,
                text(notBefore),
                text(notAfter),
                fault,
                place.provider);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /** What the certificate is for. */
    public Place place() {
        return new Place(listener, rule, backend, provider);
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
                        .thenComparing(CertificateReport::place)
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
        return length(listener)
                + length(rule)
                + length(backend)
                + length(provider)
                + source.length()
                + length(fault)
                + OVERHEAD;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
