// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits status writes while endpoints change quickly: if only their counts have changed, the status of a route is written at
 * most once per interval. Everything else, including conditions, is written immediately.
 *
 * <p>The proxies do not depend on the status: they watch the endpoints themselves.
 */
public final class ChurnLimiter {

    private final Clock clock;
    private final Duration interval;
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    /**
     * @param interval least time between two writes for a route that change only counts of endpoints
     */
    public ChurnLimiter(Clock clock, Duration interval) {
        this.clock = clock;
        this.interval = interval;
    }

    /**
     * How long the write has to wait; zero if it may happen now.
     *
     * @param uid of the route
     */
    public Duration delay(String uid, @Nullable WebSocketRouteStatus before, WebSocketRouteStatus after) {
        if (before == null || !Objects.equals(withoutCounts(before), withoutCounts(after))) {
            return Duration.ZERO;
        }
        return Optional.ofNullable(written.get(uid))
                .map(last -> Duration.between(clock.instant(), last.plus(interval)))
                .filter(left -> !left.isNegative())
                .orElse(Duration.ZERO);
    }

    /** Records that the status of the route with {@code uid} was written, and forgets old writes. */
    public void wrote(String uid) {
        Instant now = clock.instant();
        written.values().removeIf(last -> last.plus(interval).isBefore(now));
        written.put(uid, now);
    }

    private static WebSocketRouteStatus withoutCounts(WebSocketRouteStatus status) {
        return new WebSocketRouteStatus(
                status.observedGeneration(),
                status.conditions(),
                status.proxies(),
                status.replicas(),
                status.selector(),
                null,
                null,
                status.addresses());
    }
}
