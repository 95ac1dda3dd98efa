// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Limits per proxy pod. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LimitsSpec(
        @JsonPropertyDescription(
                "Maximum number of open client connections per proxy pod. Absent: as many as fit into its " + "memory.")
        @Nullable Integer connectionsPerProxy,

        @JsonPropertyDescription(
                "Maximum number of open connections per proxy pod from one client address; IPv6 addresses are "
                        + "compared by their first 64 bits. Absent: no limit.")
        @Nullable Integer connectionsPerClient,

        @JsonPropertyDescription(
                "Maximum number of WebSocket handshakes that a proxy pod starts per second. Absent: no limit.")
        @Nullable Integer handshakesPerSecondPerProxy,

        @JsonPropertyDescription("Maximum number of unfinished WebSocket handshakes per proxy pod. Absent: no limit.")
        @Nullable Integer pendingHandshakesPerProxy,

        @JsonPropertyDescription(
                "How long a client may take to send a complete request head before it is disconnected.")
        @Nullable String handshakeTimeout,

        @JsonPropertyDescription(
                "How long the proxy keeps a connection open while it waits for the next request, or for the "
                        + "first one if a trusted proxy opened the connection. Must be longer than the idle timeout of "
                        + "load balancers in front of the proxy, often 60s; otherwise they occasionally answer 502.")
        @Nullable String keepAliveTimeout,

        @JsonPropertyDescription("Maximum size in bytes of a request head, including the request line.") @Nullable Integer maxRequestHeaderBytes,

        @JsonPropertyDescription("Maximum number of headers in a request.") @Nullable Integer maxRequestHeaders,

        @JsonPropertyDescription(
                "Maximum number of bytes buffered for a slow reader, per direction of a connection, before the "
                        + "proxy pauses reading from the other side.")
        @Nullable Integer maxBufferedBytesPerConnection,

        @JsonPropertyDescription(
                "Maximum number of open WebSockets per proxy pod of one subject, which access rules find out, "
                        + "such as the sub of a token. Subjects of different issuers are different. Absent: no limit.")
        @Nullable Integer connectionsPerSubject) {}
