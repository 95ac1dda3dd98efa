// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * How a WebSocket ended, according to the access log of its proxy.
 *
 * @param proxy the pod
 * @param endpoint address and port of its backend
 * @param lived from the request to {@code begun}
 * @param begun when the first Close frame was received or the proxy began to close; the end if neither happened
 * @param code of the first Close frame; -1 without one
 * @param initiator {@code client}, {@code backend} or {@code proxy}
 * @param reason why the proxy closed; empty if it did not
 */
record LoggedClose(
        String proxy, String endpoint, Duration lived, Instant begun, int code, String initiator, String reason) {

    static LoggedClose of(String proxy, JsonNode line) {
        long closing = line.path("closingMillis").asLong();
        return new LoggedClose(
                proxy,
                line.path("endpoint").asText(),
                Duration.ofMillis(line.path("durationMillis").asLong() - closing),
                Instant.parse(line.path("time").asText()).minusMillis(closing),
                line.path("closeCode").asInt(-1),
                line.path("initiator").asText(),
                line.path("closeReason").asText());
    }

    /** Those that the proxy closed for this reason, in the terms of its log. */
    static Predicate<LoggedClose> because(String reason) {
        return close -> close.reason().equals(reason);
    }
}
