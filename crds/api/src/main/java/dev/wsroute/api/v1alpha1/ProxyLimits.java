// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Limits of one proxy pod. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProxyLimits(
        @JsonPropertyDescription(
                "Client connections that one proxy pod holds at a time. Absent: as many as its memory has room for.")
        @Nullable Integer connectionsPerProxy,

        @JsonPropertyDescription(
                "Connections that one proxy pod holds of one client address at a time; of IPv6 addresses the first 64"
                        + " bits count. Absent: no limit.")
        @Nullable Integer connectionsPerClient,

        @JsonPropertyDescription("WebSocket handshakes that one proxy pod begins in a second. Absent: no limit.")
        @Nullable Integer handshakesPerSecondPerProxy,

        @JsonPropertyDescription(
                "WebSocket handshakes that one proxy pod has begun and not answered yet. Absent: no limit.")
        @Nullable Integer pendingHandshakesPerProxy,

        @JsonPropertyDescription("How long a client may take to send a whole request head; then it is disconnected.")
        @Nullable String handshakeTimeout,

        @JsonPropertyDescription(
                "How long the proxy keeps a connection that waits for its next request, or for its first one if a"
                        + " trusted proxy opened it. Keep it above the idle timeout of load balancers in front, often 60s:"
                        + " otherwise they answer 502 now and then.")
        @Nullable String keepAliveTimeout,

        @JsonPropertyDescription("Bytes that a request head may have, its request line included.") @Nullable Integer maxRequestHeaderBytes,

        @JsonPropertyDescription("How many headers a request may have.") @Nullable Integer maxRequestHeaders,

        @JsonPropertyDescription(
                "Bytes that wait for a slow reader, for each direction of a connection, before reading from its peer"
                        + " pauses.")
        @Nullable Integer maxBufferedBytesPerConnection) {}
