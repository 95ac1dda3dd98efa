// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.operator.status.ApplyOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Logs why a route fails once instead of at each attempt: again only if the reason changes, or after a day. */
final class FailureLog {

    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Logger log;
    private final Clock clock;
    private final Map<String, Logged> logged = new ConcurrentHashMap<>();

    private record Logged(String sentence, Instant at) {}

    FailureLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Logs one line if the API gave the reason, and a stack trace otherwise, since the fault may be in the operator.
     *
     * @param uid of the route
     * @param next when the next attempt follows, in words
     */
    void report(String uid, Exception e, ApplyOutcome.Failed failure, String next) {
        boolean isNew = isNew(uid, failure.sentence());
        if (ApplyFailures.hasResponses(e)) {
            log.atLevel(isNew ? Level.WARN : Level.DEBUG).log("{} {}", failure.sentence(), next);
        } else {
            log.atLevel(isNew ? Level.ERROR : Level.DEBUG).setCause(e).log("{} {}", failure.sentence(), next);
        }
    }

    private boolean isNew(String uid, String sentence) {
        Instant now = clock.instant();
        logged.values().removeIf(before -> before.at().plus(REMEMBERED).isBefore(now));
        Logged before = logged.get(uid);
        if (before != null && before.sentence().equals(sentence)) {
            return false;
        }
        logged.put(uid, new Logged(sentence, now));
        return true;
    }

    /** The route was reconciled: the next failure is logged. */
    void clear(String uid) {
        logged.remove(uid);
    }
}
