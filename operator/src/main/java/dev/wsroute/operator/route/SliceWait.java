package dev.wsroute.operator.route;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long configurations are kept back for EndpointSlices that their Services do not have yet. Kubernetes makes one for
 * each Service at once, be it empty; where it does not, the wait ends and the configuration goes out all the same.
 */
final class SliceWait {

    /** After this a wait that is over may be forgotten: at worst one more begins. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Clock clock;
    private final Duration atMost;
    private final Map<String, Wait> waits = new ConcurrentHashMap<>();

    private record Wait(Set<String> services, Instant since) {}

    /**
     * @param atMost how long a configuration is kept back
     */
    SliceWait(Clock clock, Duration atMost) {
        this.clock = clock;
        this.atMost = atMost;
    }

    /**
     * How much longer to wait; zero when the configuration may go out.
     *
     * @param uid of the route
     * @param missing the Services without an EndpointSlice; a wait begins anew when one is added
     */
    Duration left(String uid, Set<String> missing) {
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
