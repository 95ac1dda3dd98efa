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
        @Nullable Integer connectionsPerProxy,
        @Nullable Integer connectionsPerClient,
        @Nullable Integer handshakesPerSecondPerProxy,
        @Nullable Integer pendingHandshakesPerProxy,
        Duration handshakeTimeout,
        Duration keepAliveTimeout,
        Integer maxRequestHeaderBytes,
        Integer maxRequestHeaders,
        Integer maxBufferedBytesPerConnection) {

    /**
     * Of connections only the limit that the memory sets; 10 s for a head of 32 KiB and 100 headers, 75 s between
     * requests; 128 KiB buffered for each direction.
     */
    public static final LimitsConfig DEFAULT = new LimitsConfig(
            null, null, null, null, Duration.ofSeconds(10), Duration.ofSeconds(75), 32 * 1024, 100, 128 * 1024);

    public LimitsConfig {
        handshakeTimeout = Defaults.or(handshakeTimeout, Duration.ofSeconds(10));
        keepAliveTimeout = Defaults.or(keepAliveTimeout, Duration.ofSeconds(75));
        maxRequestHeaderBytes = Defaults.or(maxRequestHeaderBytes, 32 * 1024);
        maxRequestHeaders = Defaults.or(maxRequestHeaders, 100);
        maxBufferedBytesPerConnection = Defaults.or(maxBufferedBytesPerConnection, 128 * 1024);
    }
}
