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
 * Keeps coming and going endpoints from becoming as many writes of status: where nothing but their counts moved, a
 * route's status is written at most once an interval. Everything else, conditions included, is written at once.
 *
 * <p>The proxies do not wait for any of this: they watch the endpoints themselves.
 */
public final class ChurnLimiter {

    private final Clock clock;
    private final Duration interval;
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    /**
     * @param interval least time between two writes of a route that change only counts of endpoints
     */
    public ChurnLimiter(Clock clock, Duration interval) {
        this.clock = clock;
        this.interval = interval;
    }

    /**
     * How long the write has to wait; zero when it may go out now.
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

    /** Notes that the status of the route with {@code uid} was written, and forgets writes that no longer matter. */
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
