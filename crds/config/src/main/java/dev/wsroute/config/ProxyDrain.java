package dev.wsroute.config;

import java.time.Duration;

/**
 * How a proxy shuts down.
 *
 * @param delay how long it goes on accepting after its readiness fell, so that load balancers hear of it
 * @param over the window over which it then asks its connections to leave, evenly
 * @param closeTimeout how long it waits for a frame boundary, and for the peer's answer to Close, before it resets
 */
public record ProxyDrain(Duration delay, Duration over, Duration closeTimeout) {

    /** What holds where the document is silent. */
    public static final ProxyDrain DEFAULT =
            new ProxyDrain(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(5));

    public ProxyDrain {
        delay = Defaults.or(delay, Duration.ofSeconds(15));
        over = Defaults.or(over, Duration.ofSeconds(60));
        closeTimeout = Defaults.or(closeTimeout, Duration.ofSeconds(5));
    }

    /** These times, shortened where together they exceed {@code limit}: {@code over} first, {@code delay} next. */
    public ProxyDrain within(Duration limit) {
        Duration close = shorter(closeTimeout, limit);
        Duration wait = shorter(delay, limit.minus(close));
        return new ProxyDrain(wait, shorter(over, limit.minus(close).minus(wait)), close);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
