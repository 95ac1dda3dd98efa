// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Routes in namespaces that are being deleted. The operator ignores them; otherwise it would try to recreate each object
 * that the namespace controller deletes. A deletion is never undone, and routes of a new namespace of the same name have
 * new uids.
 */
final class TerminatingRoutes {

    /** If a finalizer keeps the namespace longer than this, one more attempt is made. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Clock clock;
    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    TerminatingRoutes(Clock clock) {
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
