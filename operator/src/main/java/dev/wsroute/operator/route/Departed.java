package dev.wsroute.operator.route;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Routes in namespaces that are being deleted. Each of their objects that the namespace controller removes would otherwise
 * make the operator write it again, in vain. A namespace never comes back from that, and a new one of the same name has
 * other routes.
 */
final class Departed {

    /** A namespace that a finalizer holds costs another attempt after that. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Clock clock;
    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    Departed(Clock clock) {
        this.clock = clock;
    }

    /** @param uid of the route */
    void add(String uid) {
        Instant now = clock.instant();
        since.values().removeIf(departed -> departed.plus(REMEMBERED).isBefore(now));
        since.put(uid, now);
    }

    boolean contains(String uid) {
        Instant departed = since.get(uid);
        return departed != null && !departed.plus(REMEMBERED).isBefore(clock.instant());
    }
}
