// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings and limits of each connection.
 *
 * @param connectRetries how many other endpoints to try if connecting fails, before the request head is written
 * @param maxMessageBytes maximum payload of a message in either direction; larger ones close with 1009; absent: no limit
 * @param maxAge maximum age of a WebSocket, which is then closed with 1012; absent: no maximum
 * @param maxAgeJitterPercent by up to which percentage of {@code maxAge} each may be closed earlier, at random
 * @param ping pings to silent clients; absent: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionRules(
        @Range(min = 0, max = 100) Integer connectRetries,
        @Range(min = 1, max = 1L << 40) @Nullable Long maxMessageBytes,
        @Span(min = Span.ABOVE_ZERO) @Nullable Duration maxAge,
        @Range(min = 0, max = 100) Integer maxAgeJitterPercent,
        @Nullable Ping ping) {

    private static final int CONNECT_RETRIES = 2;
    private static final int JITTER_PERCENT = 10;

    /** No limit, no maximum age, no pings. */
    public static final ConnectionRules DEFAULT =
            new ConnectionRules(CONNECT_RETRIES, null, null, JITTER_PERCENT, null);

    public ConnectionRules {
        connectRetries = Defaults.or(connectRetries, CONNECT_RETRIES);
        maxAgeJitterPercent = Defaults.or(maxAgeJitterPercent, JITTER_PERCENT);
    }

    /** With the default number of retries. */
    public ConnectionRules(
            @Nullable Long maxMessageBytes,
            @Nullable Duration maxAge,
            Integer maxAgeJitterPercent,
            @Nullable Duration pingInterval) {
        this(
                CONNECT_RETRIES,
                maxMessageBytes,
                maxAge,
                maxAgeJitterPercent,
                pingInterval == null ? null : new Ping(pingInterval));
    }

    /** These rules with another number of retries. */
    public ConnectionRules withConnectRetries(int retries) {
        return new ConnectionRules(retries, maxMessageBytes, maxAge, maxAgeJitterPercent, ping);
    }

    /** How long a client may be silent before it is pinged; null: no pings. */
    public @Nullable Duration pingInterval() {
        return ping == null ? null : ping.interval();
    }

    /** @param interval after how long a silent client is pinged, and how long it may then take to answer */
    public record Ping(
            @Span(min = "1s") @JsonProperty(required = true) Duration interval) {}
}
