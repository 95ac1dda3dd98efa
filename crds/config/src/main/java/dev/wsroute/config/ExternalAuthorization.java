// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that decides about each request, asked as nginx's {@code auth_request} does.
 *
 * @param service endpoints of the service; its weight means nothing
 * @param path target of the subrequests, without query
 * @param timeout of a check as a whole
 * @param failOpen whether a request passes if the service cannot be asked, answers too late or with 5xx
 * @param headersToService names of the client's headers that the service gets; absent: all end-to-end headers
 * @param headersToBackend names of headers of the answer that the backend gets instead of the client's
 * @param cacheFor how long an answer that lets pass counts for equal requests; 0: not
 * @param subjectHeader header of the answer that says who the client is; absent: none
 * @param recheckEvery how often the service is asked again while a WebSocket is open; absent: never
 * @param lifetime whether the answer limits how long a WebSocket may stay open
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ExternalAuthorization(
        @JsonPropertyDescription("Endpoints of the service.") @JsonProperty(required = true)
        BackendConfig service,

        @Text(max = 1024, form = TextForm.PATH) String path,
        @Span(min = Span.ABOVE_ZERO, max = "1m") Duration timeout,
        Boolean failOpen,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Text(max = 128, form = TextForm.CHANGEABLE_HEADER) @Nullable List<String> headersToService,

        @Text(max = 128, form = TextForm.CHANGEABLE_HEADER) List<String> headersToBackend,
        @Span(max = "1h") Duration cacheFor,

        @Text(max = 256, form = TextForm.CHANGEABLE_HEADER) @Nullable String subjectHeader,

        @Span(min = "10s", max = "24h") @Nullable Duration recheckEvery,
        Lifetime lifetime) {

    /** Default of {@code timeout}. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    public ExternalAuthorization {
        path = Defaults.or(path, "/");
        timeout = Defaults.or(timeout, TIMEOUT);
        failOpen = Defaults.or(failOpen, false);
        headersToService = headersToService == null ? null : List.copyOf(headersToService);
        headersToBackend = Defaults.list(headersToBackend);
        cacheFor = Defaults.or(cacheFor, Duration.ZERO);
        lifetime = Defaults.or(lifetime, Lifetime.Ignore);
    }

    /** Everything by default. */
    public static ExternalAuthorization of(BackendConfig service, String path) {
        return new ExternalAuthorization(
                service, path, TIMEOUT, false, null, List.of(), Duration.ZERO, null, null, Lifetime.Ignore);
    }

    /** The same with another service. */
    public ExternalAuthorization withService(BackendConfig other) {
        return new ExternalAuthorization(
                other,
                path,
                timeout,
                failOpen,
                headersToService,
                headersToBackend,
                cacheFor,
                subjectHeader,
                recheckEvery,
                lifetime);
    }

    /** What an answer says about the life of a WebSocket. */
    public enum Lifetime {
        /** Nothing. */
        Ignore,
        /** It ends after the {@code max-age} of {@code Cache-Control} (RFC 9111, section 5.2.2.1), if there is one. */
        CacheControl
    }
}
