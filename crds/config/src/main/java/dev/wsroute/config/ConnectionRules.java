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
 * @param messagesPerSecond data messages of the client, each with all its fragments; absent: no limit
 * @param messagesBurst how many of them may come at once after a silence; absent: those of a second
 * @param bytesPerSecond bytes of the client's frames, headers included, as they are on the wire; absent: no limit
 * @param bytesBurst how many of them may come at once after a silence; absent: those of a second
 * @param onRateExceeded what happens to a client that sends faster; absent: {@link RateAction#Pause}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionRules(
        @Range(min = 0, max = 100) Integer connectRetries,
        @Range(min = 1, max = 1L << 40) @Nullable Long maxMessageBytes,
        @Span(min = Span.ABOVE_ZERO) @Nullable Duration maxAge,
        @Range(min = 0, max = 100) Integer maxAgeJitterPercent,
        @Nullable Ping ping,
        @Range(min = 1, max = 1_000_000) @Nullable Integer messagesPerSecond,
        @Range(min = 1, max = 10_000_000) @Nullable Integer messagesBurst,
        @Range(min = 1, max = 1L << 40) @Nullable Long bytesPerSecond,
        @Range(min = 1, max = 1L << 40) @Nullable Long bytesBurst,
        @Nullable RateAction onRateExceeded) {

    private static final int CONNECT_RETRIES = 2;
    private static final int JITTER_PERCENT = 10;

    /** No limit, no maximum age, no pings. */
    public static final ConnectionRules DEFAULT = new ConnectionRules(null, null, JITTER_PERCENT, null);

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
                pingInterval == null ? null : new Ping(pingInterval),
                null,
                null,
                null,
                null,
                null);
    }

    /** These rules with another number of retries. */
    public ConnectionRules withConnectRetries(int retries) {
        return new ConnectionRules(
                retries,
                maxMessageBytes,
                maxAge,
                maxAgeJitterPercent,
                ping,
                messagesPerSecond,
                messagesBurst,
                bytesPerSecond,
                bytesBurst,
                onRateExceeded);
    }

    /** What happens to a client that sends faster than it may. */
    public enum RateAction {
        /** The proxy reads no faster: the client's TCP connection holds it back. */
        Pause,
        /** The WebSocket is closed with 1008. */
        Close
    }

    @Rule(
            cel = "!has(self.messagesBurst) || has(self.messagesPerSecond)",
            message = "must not have messagesBurst without messagesPerSecond")
    boolean messagesBurstHasItsRate() {
        return messagesBurst == null || messagesPerSecond != null;
    }

    @Rule(
            cel = "!has(self.bytesBurst) || has(self.bytesPerSecond)",
            message = "must not have bytesBurst without bytesPerSecond")
    boolean bytesBurstHasItsRate() {
        return bytesBurst == null || bytesPerSecond != null;
    }

    @Rule(
            cel = "!has(self.onRateExceeded) || has(self.messagesPerSecond) || has(self.bytesPerSecond)",
            message = "must not have onRateExceeded without messagesPerSecond or bytesPerSecond")
    boolean onRateExceededHasARate() {
        return onRateExceeded == null || limitsRate();
    }

    /** Whether clients may send only at a certain rate. */
    public boolean limitsRate() {
        return messagesPerSecond != null || bytesPerSecond != null;
    }

    /** How long a client may be silent before it is pinged; null: no pings. */
    public @Nullable Duration pingInterval() {
        return ping == null ? null : ping.interval();
    }

    /** @param interval after how long a silent client is pinged, and how long it may then take to answer */
    public record Ping(
            @Span(min = "1s") @JsonProperty(required = true) Duration interval) {}
}
