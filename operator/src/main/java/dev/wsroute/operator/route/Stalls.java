package dev.wsroute.operator.route;

import dev.wsroute.operator.status.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Routes that the API took no object of, or that the operator cannot process: only an edit is likely to help. They are
 * tried again with long and growing pauses, since an admission policy or a quota may be what was changed.
 */
final class Stalls {

    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Duration FIRST_UNFORESEEN = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofHours(2);
    private static final Duration SOON = Duration.ofSeconds(1);

    /** No configuration has this hash, so that no attempt at writing one is held back. */
    private static final String UNFORESEEN = "unforeseen";

    /** A route that is gone is forgotten after its longest pause. */
    private static final Duration REMEMBERED = LAST.plus(Duration.ofHours(1));

    private final Clock clock;
    private final Map<String, Stall> stalls = new ConcurrentHashMap<>();

    /**
     * What an attempt depended on, as far as the operator can see it.
     *
     * @param generation of the route
     * @param config hash of what was compiled
     * @param settled whether the configuration could be written
     * @param objects uids of the objects that the route had
     */
    record Attempt(long generation, String config, boolean settled, Set<String> objects) {

        Attempt {
            objects = Set.copyOf(objects);
        }
    }

    private record Stall(Attempt attempt, Outcome.Failed failure, Duration pause, Instant since) {

        Instant until() {
            return since.plus(pause);
        }
    }

    Stalls(Clock clock) {
        this.clock = clock;
    }

    /** What came of the last attempt, if this one would be the same and it is too early for it. */
    Optional<Outcome.Failed> known(String uid, Attempt attempt) {
        return Optional.ofNullable(stalls.get(uid))
                .filter(stall -> stall.attempt().equals(attempt))
                .filter(stall -> stall.until().isAfter(clock.instant()))
                .map(Stall::failure);
    }

    /**
     * How long until the route is tried again; zero only for one that is not stalled. When the time has come since it was
     * asked for, there is still a moment to wait, or nobody would wait at all.
     */
    Duration left(String uid) {
        Stall stall = stalls.get(uid);
        if (stall == null) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), stall.until());
        return left.compareTo(SOON) < 0 ? SOON : left;
    }

    /** An attempt failed: the next one follows after a pause twice as long as that before, if it was the same. */
    void add(String uid, Attempt attempt, Outcome.Failed failure) {
        add(uid, attempt, failure, FIRST);
    }

    /** As {@link #add}, for a reason that nobody foresaw, which may pass sooner. Events lead to further attempts at once. */
    void addUnforeseen(String uid, @Nullable Long generation, Outcome.Failed failure) {
        add(
                uid,
                new Attempt(Objects.requireNonNullElse(generation, 0L), UNFORESEEN, false, Set.of()),
                failure,
                FIRST_UNFORESEEN);
    }

    private void add(String uid, Attempt attempt, Outcome.Failed failure, Duration first) {
        Instant now = clock.instant();
        stalls.values().removeIf(stall -> stall.since().plus(REMEMBERED).isBefore(now));
        stalls.compute(uid, (same, before) -> new Stall(attempt, failure, pause(before, attempt, first), now));
    }

    private static Duration pause(@Nullable Stall before, Attempt attempt, Duration first) {
        if (before == null || !before.attempt().equals(attempt)) {
            return first;
        }
        Duration doubled = before.pause().multipliedBy(2);
        return doubled.compareTo(LAST) > 0 ? LAST : doubled;
    }

    void remove(String uid) {
        stalls.remove(uid);
    }
}
