// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.time.Duration;

/**
 * How a proxy shuts down.
 *
 * @param delay how long it keeps accepting connections after it has become unready, so that load balancers can notice
 * @param over the time over which it then closes its connections, evenly spread
 * @param closeTimeout how long it waits for a frame boundary, and for the peer's answer to a Close frame, before it resets
 */
public record ProxyDrain(
        @Span Duration delay,
        @Span Duration over,
        @Span(min = Span.ABOVE_ZERO) Duration closeTimeout) {

    private static final Duration DELAY = Duration.ofSeconds(15);
    private static final Duration OVER = Duration.ofSeconds(60);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** The default. */
    public static final ProxyDrain DEFAULT = new ProxyDrain(DELAY, OVER, CLOSE_TIMEOUT);

    public ProxyDrain {
        delay = Defaults.or(delay, DELAY);
        over = Defaults.or(over, OVER);
        closeTimeout = Defaults.or(closeTimeout, CLOSE_TIMEOUT);
    }

    /** These times, shortened if their sum exceeds {@code limit}: first {@code over}, then {@code delay}. */
    public ProxyDrain within(Duration limit) {
        Duration close = shorter(closeTimeout, limit);
        Duration wait = shorter(delay, limit.minus(close));
        return new ProxyDrain(wait, shorter(over, limit.minus(close).minus(wait)), close);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
