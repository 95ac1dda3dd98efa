// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.codec.HeadLimits;
import java.time.Duration;

/**
 * Limits on clients' requests.
 *
 * @param handshakeTimeout time for a request head to arrive completely, from the connection or its first byte
 * @param keepAliveTimeout how long a connection may be idle before its next request, and that of a trusted proxy before
 *     its first
 * @param stallTimeout how long a client may read nothing after the end of a response
 * @param lingerTimeout how long a client may take to close after the proxy has ended its output
 * @param head limits of a request head, and separately of trailers
 * @param bodyRate minimum rate of a request body
 */
public record RequestLimits(
        Duration handshakeTimeout,
        Duration keepAliveTimeout,
        Duration stallTimeout,
        Duration lingerTimeout,
        HeadLimits head,
        BodyRate bodyRate) {

    /** 10 s, 75 s, 5 min, 2 s, 32,768 bytes, 100 headers. */
    public static final RequestLimits DEFAULT = of(LimitsConfig.DEFAULT);

    /** The limits of a document. */
    public static RequestLimits of(LimitsConfig limits) {
        return new RequestLimits(
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
     * @param ahead whether it may have been opened in advance
     */
    public Duration firstWait(boolean ahead) {
        return ahead && keepAliveTimeout.compareTo(handshakeTimeout) > 0 ? keepAliveTimeout : handshakeTimeout;
    }

    /** A copy with other timeouts. */
    public RequestLimits withTimeouts(Duration handshake, Duration keepAlive, Duration linger) {
        return new RequestLimits(handshake, keepAlive, stallTimeout, linger, head, bodyRate);
    }

    /** A copy with another minimum rate of bodies. */
    public RequestLimits withBodyRate(BodyRate rate) {
        return new RequestLimits(handshakeTimeout, keepAliveTimeout, stallTimeout, lingerTimeout, head, rate);
    }

    /** A copy with another stall timeout. */
    public RequestLimits withStallTimeout(Duration stall) {
        return new RequestLimits(handshakeTimeout, keepAliveTimeout, stall, lingerTimeout, head, bodyRate);
    }
}
