package dev.wsroute.operator.route;

import dev.wsroute.operator.status.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Says why a route fails once, and not at each attempt: again only when it fails for another reason, or after a day. */
final class FailureLog {

    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Logger log;
    private final Clock clock;
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    private record Told(String sentence, Instant at) {}

    FailureLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * One line where the API said why; all there is where the fault may be ours.
     *
     * @param uid of the route
     * @param next when it is tried again, in words
     */
    void tell(String uid, Exception e, Outcome.Failed failure, String next) {
        boolean news = isNews(uid, failure.sentence());
        if (ApplyFailures.isAnswered(e)) {
            log.atLevel(news ? Level.WARN : Level.DEBUG).log("{} {}", failure.sentence(), next);
        } else {
            log.atLevel(news ? Level.ERROR : Level.DEBUG).setCause(e).log("{} {}", failure.sentence(), next);
        }
    }

    private boolean isNews(String uid, String sentence) {
        Instant now = clock.instant();
        told.values().removeIf(before -> before.at().plus(REMEMBERED).isBefore(now));
        Told before = told.get(uid);
        if (before != null && before.sentence().equals(sentence)) {
            return false;
        }
        told.put(uid, new Told(sentence, now));
        return true;
    }

    /** It succeeded: the next failure is news. */
    void clear(String uid) {
        told.remove(uid);
    }
}
