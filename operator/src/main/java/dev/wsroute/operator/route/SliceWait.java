// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits how long a configuration is held back while Services have no EndpointSlice yet. Kubernetes creates one, perhaps
 * empty, as soon as the Service exists; if it does not, the configuration is published after the timeout.
 */
final class SliceWait {

    /** Older waits are forgotten; in the worst case the route waits once more. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Clock clock;
    private final Duration atMost;
    private final Map<String, Wait> waits = new ConcurrentHashMap<>();

    private record Wait(Set<String> services, Instant since) {}

    /**
     * @param atMost how long a configuration is held back
     */
    SliceWait(Clock clock, Duration atMost) {
        this.clock = clock;
        this.atMost = atMost;
    }

    /**
     * How much longer to wait; zero if the configuration may be published.
     *
     * @param uid of the route
     * @param missing the Services without an EndpointSlice; the wait restarts if one is added
     */
    Duration remaining(String uid, Set<String> missing) {
        Instant now = clock.instant();
        waits.values().removeIf(wait -> wait.since().plus(REMEMBERED).isBefore(now));
        if (missing.isEmpty()) {
            waits.remove(uid);
            return Duration.ZERO;
        }
        Wait current = waits.compute(
                uid,
                (key, before) -> before != null && before.services().containsAll(missing)
                        ? before
                        : new Wait(Set.copyOf(missing), now));
        Duration left = Duration.between(now, current.since().plus(atMost));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
