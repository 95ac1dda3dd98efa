package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.Durations;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Limits of one proxy pod. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProxyLimits(
        @JsonPropertyDescription(
                "Client connections that one proxy pod holds at a time. Absent: as many as its memory has room for.")
        @Min(1) @Max(10_000_000) @Nullable Integer connectionsPerProxy,

        @JsonPropertyDescription(
                "Connections that one proxy pod holds of one client address at a time; of IPv6 addresses the first 64"
                        + " bits count. Absent: no limit.")
        @Min(1) @Max(10_000_000) @Nullable Integer connectionsPerClient,

        @JsonPropertyDescription("WebSocket handshakes that one proxy pod begins in a second. Absent: no limit.")
        @Min(1) @Max(1_000_000) @Nullable Integer handshakesPerSecondPerProxy,

        @JsonPropertyDescription(
                "WebSocket handshakes that one proxy pod has begun and not answered yet. Absent: no limit.")
        @Min(1) @Max(1_000_000) @Nullable Integer pendingHandshakesPerProxy,

        @JsonPropertyDescription("How long a client may take to send a whole request head; then it is disconnected.")
        @Default("10s")
        @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.POSITIVE_DURATION_RULE, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        @Nullable String handshakeTimeout,

        @JsonPropertyDescription(
                "How long the proxy keeps a connection that waits for its next request, or for its first one if a"
                        + " trusted proxy opened it. Keep it above the idle timeout of load balancers in front, often 60s:"
                        + " otherwise they answer 502 now and then.")
        @Default("75s")
        @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.POSITIVE_DURATION_RULE, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        @Nullable String keepAliveTimeout,

        @JsonPropertyDescription("Bytes that a request head may have, its request line included.")
        @Default("32768")
        @Min(1024) @Max(1_048_576) @Nullable Integer maxRequestHeaderBytes,

        @JsonPropertyDescription("How many headers a request may have.") @Default("100") @Min(10) @Max(1000) @Nullable Integer maxRequestHeaders,

        @JsonPropertyDescription(
                "Bytes that wait for a slow reader, for each direction of a connection, before reading from its peer"
                        + " pauses.")
        @Default("131072")
        @Min(16_384) @Max(16_777_216) @Nullable Integer maxBufferedBytesPerConnection) {}
