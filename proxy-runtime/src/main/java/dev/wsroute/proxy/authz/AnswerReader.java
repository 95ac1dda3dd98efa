// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.NameValue;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the service's decision from the head of its final response. A redirect is a refusal: services made for ForwardAuth, such
 * as Authentik, send clients to a login page by it. It becomes a 401 with the same Location, since no WebSocket client follows it,
 * and must not count as a failure, or strangers could make {@code failOpen} let them pass.
 */
final class AnswerReader {

    /** Spelled as in the RFCs: some clients compare case. */
    private static final List<String> TO_CLIENT = List.of("WWW-Authenticate", "Location", "Set-Cookie");

    private static final Set<String> NOT_TO_BE_KEPT = Set.of("no-store", "no-cache");

    /** RFC 5842 §7.2. Clients can provoke it by CDN-Loop if another such proxy is in front of the service. */
    private static final int LOOP_DETECTED = 508;

    private static final String MAX_AGE = "max-age=";

    private final List<String> toBackend;
    private final @Nullable String subjectHeader;

    AnswerReader(ExternalAuthorization config) {
        toBackend = config.headersToBackend();
        subjectHeader = config.subjectHeader();
    }

    ServiceAnswer read(HttpResponse response) {
        HttpResponseStatus status = response.status();
        HttpHeaders headers = response.headers();
        if (status.codeClass() == HttpStatusClass.SUCCESS) {
            return allowed(headers);
        }
        if (status.code() == HttpResponseStatus.UNAUTHORIZED.code()
                || status.code() == HttpResponseStatus.FORBIDDEN.code()) {
            return new ServiceAnswer.Refused(status.code(), towardsClient(headers));
        }
        if (status.codeClass() == HttpStatusClass.REDIRECTION && headers.contains(HttpHeaderNames.LOCATION)) {
            return new ServiceAnswer.Refused(HttpResponseStatus.UNAUTHORIZED.code(), towardsClient(headers));
        }
        return new ServiceAnswer.Failed(
                status.codeClass() == HttpStatusClass.SERVER_ERROR && status.code() != LOOP_DETECTED
                        ? ServiceFailure.SERVER_ERROR
                        : ServiceFailure.UNEXPECTED_STATUS);
    }

    private ServiceAnswer allowed(HttpHeaders headers) {
        List<NameValue> copied = new ArrayList<>(toBackend.size());
        for (String name : toBackend) {
            List<String> values = headers.getAll(name);
            if (!values.isEmpty()) {
                // RFC 9110 §5.3: the same as several headers, and no backend takes only one of them.
                copied.add(new NameValue(name, String.join(", ", values)));
            }
        }
        List<String> cacheControl = cacheControl(headers);
        String subject = subjectHeader == null ? null : headers.get(subjectHeader);
        return new ServiceAnswer.Allowed(
                copied,
                subject == null || subject.isBlank() ? null : subject,
                headers.getAll(HttpHeaderNames.SET_COOKIE),
                maxAge(cacheControl),
                cacheControl.stream().noneMatch(NOT_TO_BE_KEPT::contains));
    }

    private static List<NameValue> towardsClient(HttpHeaders headers) {
        List<NameValue> passed = new ArrayList<>();
        for (String name : TO_CLIENT) {
            for (String value : headers.getAll(name)) {
                passed.add(new NameValue(name, value));
            }
        }
        return passed;
    }

    static boolean isCookie(String header) {
        return HttpHeaderNames.SET_COOKIE.contentEqualsIgnoreCase(header);
    }

    /** RFC 9111 §5.2.2.1; of several, the smallest. Seconds; -1 for none. */
    private static long maxAge(List<String> directives) {
        return directives.stream()
                .mapToLong(AnswerReader::seconds)
                .filter(seconds -> seconds >= 0)
                .min()
                .orElse(-1);
    }

    private static List<String> cacheControl(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.CACHE_CONTROL).stream()
                .flatMap(value -> Stream.of(value.toLowerCase(Locale.ROOT).split(",", -1)))
                .map(String::trim)
                .toList();
    }

    private static long seconds(String directive) {
        if (!directive.startsWith(MAX_AGE)) {
            return -1;
        }
        String digits = directive.substring(MAX_AGE.length()).replace("\"", "");
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        // RFC 9111 §1.2.2: larger values mean the largest.
        return digits.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(digits);
    }
}
