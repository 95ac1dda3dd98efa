package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.codec.HeadLimits;
import java.time.Duration;

/**
 * What protects the proxy from a client's requests.
 *
 * @param handshakeTimeout for a request head to arrive whole, counted from the connection or its first byte
 * @param keepAliveTimeout how long a client's connection may wait for its next request, and one of a trusted proxy for
 *     its first
 * @param stallTimeout how long a client may take nothing of what waits for it behind the end of a response
 * @param lingerTimeout how long a client may take to end its side after the proxy has ended its own
 * @param head of a request, and separately of its trailers
 * @param bodyRate minimum rate of a request's body
 */
public record ProxyLimits(
        Duration handshakeTimeout,
        Duration keepAliveTimeout,
        Duration stallTimeout,
        Duration lingerTimeout,
        HeadLimits head,
        BodyRate bodyRate) {

    /** 10 s, 75 s, 5 min, 2 s, 32,768 bytes, 100 headers. */
    public static final ProxyLimits DEFAULT = of(LimitsConfig.DEFAULT);

    /** What a document says. */
    public static ProxyLimits of(LimitsConfig limits) {
        return new ProxyLimits(
                limits.handshakeTimeout(),
                limits.keepAliveTimeout(),
                Duration.ofMinutes(5),
                Duration.ofSeconds(2),
                new HeadLimits(limits.maxRequestHeaderBytes(), limits.maxRequestHeaders()),
                BodyRate.DEFAULT);
    }

    /**
     * How long a new connection may wait for the first byte of its first request.
     *
     * @param ahead whether it may have been opened before it was needed
     */
    public Duration firstWait(boolean ahead) {
        return ahead && keepAliveTimeout.compareTo(handshakeTimeout) > 0 ? keepAliveTimeout : handshakeTimeout;
    }

    /** The same with other times. */
    public ProxyLimits withTimeouts(Duration handshake, Duration keepAlive, Duration linger) {
        return new ProxyLimits(handshake, keepAlive, stallTimeout, linger, head, bodyRate);
    }

    /** The same with another minimum rate of bodies. */
    public ProxyLimits withBodyRate(BodyRate rate) {
        return new ProxyLimits(handshakeTimeout, keepAliveTimeout, stallTimeout, lingerTimeout, head, rate);
    }

    /** The same with another time for clients that take nothing of a response. */
    public ProxyLimits withStallTimeout(Duration stall) {
        return new ProxyLimits(handshakeTimeout, keepAliveTimeout, stall, lingerTimeout, head, bodyRate);
    }
}
