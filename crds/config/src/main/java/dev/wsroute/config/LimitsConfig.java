// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of one proxy process.
 *
 * @param connectionsPerProxy live client connections; absent: as many as the memory has room for
 * @param connectionsPerClient live connections of one client address, an IPv6 client being its /64; absent: no limit
 * @param handshakesPerSecondPerProxy upgrades begun in a second; absent: no limit
 * @param pendingHandshakesPerProxy upgrades begun and not yet answered; absent: no limit
 * @param handshakeTimeout from the first byte of a request head to its last, and from an accepted connection to its
 *     first byte, unless a trusted proxy opened it
 * @param keepAliveTimeout how long a connection waits for its next request; one that a trusted proxy opened may wait
 *     for its first one as long, since load balancers open connections before they need them
 * @param maxRequestHeaderBytes of a request head, its request line included
 * @param maxRequestHeaders how many headers a request may have
 * @param maxBufferedBytesPerConnection for each direction, how many bytes wait for a slow reader before reading from
 *     its peer pauses
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
        @Range(min = 16_384, max = 16_777_216) Integer maxBufferedBytesPerConnection) {

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

    public LimitsConfig {
        handshakeTimeout = Defaults.or(handshakeTimeout, HANDSHAKE_TIMEOUT);
        keepAliveTimeout = Defaults.or(keepAliveTimeout, KEEP_ALIVE_TIMEOUT);
        maxRequestHeaderBytes = Defaults.or(maxRequestHeaderBytes, MAX_REQUEST_HEADER_BYTES);
        maxRequestHeaders = Defaults.or(maxRequestHeaders, MAX_REQUEST_HEADERS);
        maxBufferedBytesPerConnection = Defaults.or(maxBufferedBytesPerConnection, MAX_BUFFERED_BYTES);
    }
}
