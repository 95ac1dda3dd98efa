// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of one proxy process.
 *
 * @param connectionsPerProxy open client connections; absent: as many as fit into the memory
 * @param connectionsPerClient open connections of one client address, for IPv6 of one /64; absent: no limit
 * @param handshakesPerSecondPerProxy WebSocket handshakes started per second; absent: no limit
 * @param pendingHandshakesPerProxy unfinished WebSocket handshakes; absent: no limit
 * @param handshakeTimeout from the first to the last byte of a request head, and from accepting a connection to its first
 *     byte, unless a trusted proxy opened it
 * @param keepAliveTimeout how long a connection may wait for its next request, and for its first one if a trusted proxy opened
 *     it, since load balancers open connections before they need them
 * @param maxRequestHeaderBytes size of a request head, including the request line
 * @param maxRequestHeaders number of headers of a request
 * @param maxBufferedBytesPerConnection bytes buffered for a slow reader, per direction, before the proxy pauses reading from the
 *     other side
 * @param connectionsPerSubject open WebSockets of one subject, as access rules find out who it is; absent: no limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LimitsConfig(
        @Range(min = 1, max = 10_000_000) @Nullable Integer connectionsPerProxy,
        @Range(min = 1, max = 10_000_000) @Nullable Integer connectionsPerClient,
        @Range(min = 1, max = 1_000_000) @Nullable Integer handshakesPerSecondPerProxy,
        @Range(min = 1, max = 1_000_000) @Nullable Integer pendingHandshakesPerProxy,
        @Span(min = Span.ABOVE_ZERO) Duration handshakeTimeout,
        @Span(min = Span.ABOVE_ZERO) Duration keepAliveTimeout,
        @Range(min = 1024, max = 1_048_576) Integer maxRequestHeaderBytes,
        @Range(min = 10, max = 1000) Integer maxRequestHeaders,
        @Range(min = 16_384, max = 16_777_216) Integer maxBufferedBytesPerConnection,
        @Range(min = 1, max = 10_000_000) @Nullable Integer connectionsPerSubject) {

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(75);
    private static final int MAX_REQUEST_HEADER_BYTES = 32 * 1024;
    private static final int MAX_REQUEST_HEADERS = 100;
    private static final int MAX_BUFFERED_BYTES = 128 * 1024;

    /** Of connections only the limit that the memory sets. */
    public static final LimitsConfig DEFAULT = new LimitsConfig(
            null,
            null,
            null,
            null,
            HANDSHAKE_TIMEOUT,
            KEEP_ALIVE_TIMEOUT,
            MAX_REQUEST_HEADER_BYTES,
            MAX_REQUEST_HEADERS,
            MAX_BUFFERED_BYTES);

    /** Without a limit for each subject. */
    public LimitsConfig(
            @Nullable Integer connectionsPerProxy,
            @Nullable Integer connectionsPerClient,
            @Nullable Integer handshakesPerSecondPerProxy,
            @Nullable Integer pendingHandshakesPerProxy,
            Duration handshakeTimeout,
            Duration keepAliveTimeout,
            Integer maxRequestHeaderBytes,
            Integer maxRequestHeaders,
            Integer maxBufferedBytesPerConnection) {
        this(
                connectionsPerProxy,
                connectionsPerClient,
                handshakesPerSecondPerProxy,
                pendingHandshakesPerProxy,
                handshakeTimeout,
                keepAliveTimeout,
                maxRequestHeaderBytes,
                maxRequestHeaders,
                maxBufferedBytesPerConnection,
                null);
    }

    public LimitsConfig {
        handshakeTimeout = Defaults.or(handshakeTimeout, HANDSHAKE_TIMEOUT);
        keepAliveTimeout = Defaults.or(keepAliveTimeout, KEEP_ALIVE_TIMEOUT);
        maxRequestHeaderBytes = Defaults.or(maxRequestHeaderBytes, MAX_REQUEST_HEADER_BYTES);
        maxRequestHeaders = Defaults.or(maxRequestHeaders, MAX_REQUEST_HEADERS);
        maxBufferedBytesPerConnection = Defaults.or(maxBufferedBytesPerConnection, MAX_BUFFERED_BYTES);
    }
}
