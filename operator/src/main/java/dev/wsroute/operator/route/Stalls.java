// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.operator.status.ApplyOutcome;
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
 * Routes whose objects the API rejected, or that the operator cannot process: only an edit is likely to help. They are still
 * retried, with a long and growing backoff, since an admission policy or a quota may have changed.
 */
final class Stalls {

    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Duration FIRST_UNFORESEEN = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofHours(2);
    private static final Duration SOON = Duration.ofSeconds(1);

    /** No configuration has this hash, so it never delays an attempt to write one. */
    private static final String UNFORESEEN = "unforeseen";

    /** A deleted route is forgotten after its longest pause. */
    private static final Duration REMEMBERED = LAST.plus(Duration.ofHours(1));

    private final Clock clock;
    private final Map<String, Stall> stalls = new ConcurrentHashMap<>();

    /**
     * The inputs of an attempt, as far as the operator can see them.
     *
     * @param generation of the route
     * @param config hash of the compiled configuration
     * @param settled whether the configuration could be written
     * @param objects uids of the objects that the route had
     */
    record Attempt(long generation, String config, boolean settled, Set<String> objects) {

        Attempt {
            objects = Set.copyOf(objects);
        }
    }

    private record Stall(Attempt attempt, ApplyOutcome.Failed failure, Duration pause, Instant since) {

        Instant until() {
            return since.plus(pause);
        }
    }

    Stalls(Clock clock) {
        this.clock = clock;
    }

    /** The failure of the last attempt, if {@code attempt} has the same inputs and it is too early to retry. */
    Optional<ApplyOutcome.Failed> known(String uid, Attempt attempt) {
        return Optional.ofNullable(stalls.get(uid))
                .filter(stall -> stall.attempt().equals(attempt))
                .filter(stall -> stall.until().isAfter(clock.instant()))
                .map(Stall::failure);
    }

    /**
     * How long until the route is retried; zero only if it is not stalled. A pause that has just ended still gives a short
     * delay, since zero would mean that no retry is scheduled.
     */
    Duration remaining(String uid) {
        Stall stall = stalls.get(uid);
        if (stall == null) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), stall.until());
        return left.compareTo(SOON) < 0 ? SOON : left;
    }

    /** Records a failed attempt. If the previous attempt had the same inputs, the pause doubles. */
    void add(String uid, Attempt attempt, ApplyOutcome.Failed failure) {
        add(uid, attempt, failure, FIRST);
    }

    /** As {@link #add}, for an unforeseen failure, which may be transient. Events still trigger attempts immediately. */
    void addUnforeseen(String uid, @Nullable Long generation, ApplyOutcome.Failed failure) {
        add(
                uid,
                new Attempt(Objects.requireNonNullElse(generation, 0L), UNFORESEEN, false, Set.of()),
                failure,
                FIRST_UNFORESEEN);
    }

    private void add(String uid, Attempt attempt, ApplyOutcome.Failed failure, Duration first) {
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
