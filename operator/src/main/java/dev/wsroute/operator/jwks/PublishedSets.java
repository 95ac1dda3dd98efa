// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.keys.KeySet;
import dev.wsroute.operator.compile.KeySetNeed;
import dev.wsroute.operator.compile.KeySetSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The key sets that a route's proxies get.
 *
 * @param data of the ConfigMap; a set that there never was is absent
 * @param notes annotation of the ConfigMap, {@link KeySetNotes}
 * @param problems one sentence for each set that is missing, withdrawn or not up to date
 * @param next when it has to be decided anew even if nothing happens until then; empty: never
 */
public record PublishedSets(
        NavigableMap<String, String> data, String notes, List<Problem> problems, Optional<Instant> next) {

    /** Nothing. */
    public static final PublishedSets NONE = new PublishedSets(new TreeMap<>(), "", List.of(), Optional.empty());

    /** The times are written anew when they are wrong by this part of {@code staleFor}, and not at every fetch. */
    private static final int PARTS = 10;

    /** What is wrong with a set, the worst first. */
    public enum Kind {
        /** There is none to use. */
        UNAVAILABLE,
        /** There is none to use yet, since it is being fetched for the first time. */
        PENDING,
        /** Proxies use the last good one. */
        NOT_REFRESHED
    }

    /** A set that has a problem. */
    public record Problem(Kind kind, String sentence) {}

    /**
     * What to publish.
     *
     * @param states of the sources of {@code needs}
     * @param before data of the ConfigMap. Sets are taken over from there after a start of the operator, for this route alone: whoever
     *     may write ConfigMaps here must not choose the keys of others
     * @param notesBefore annotation of the ConfigMap; null if there is none
     */
    public static PublishedSets of(
            Collection<KeySetNeed> needs,
            Map<KeySetSource, KeySetState> states,
            Map<String, String> before,
            @Nullable String notesBefore,
            Instant now) {
        NavigableMap<String, String> data = new TreeMap<>();
        NavigableMap<String, Instant> times = new TreeMap<>();
        List<Problem> problems = new ArrayList<>();
        Instant next = Instant.MAX;
        for (KeySetNeed need : needs) {
            KeySetState state = states.getOrDefault(need.source(), KeySetState.NEW);
            Instant written = KeySetNotes.confirmed(notesBefore, need.key());
            Candidate set = candidate(state, before.get(need.key()), written, now);
            Optional.ofNullable(problem(need, state, set, now)).ifPresent(problems::add);
            if (set == null) {
                if (KeySet.WITHDRAWN.equals(before.get(need.key()))) {
                    data.put(need.key(), KeySet.WITHDRAWN);
                }
                continue;
            }
            if (set.isStale(need, now)) {
                data.put(need.key(), KeySet.WITHDRAWN);
                continue;
            }
            data.put(need.key(), set.document());
            Duration renewal = need.staleFor().dividedBy(PARTS);
            boolean keep = set.document().equals(before.get(need.key()))
                    && written != null
                    && !written.isAfter(set.confirmed())
                    && Duration.between(written, set.confirmed()).compareTo(renewal) < 0;
            times.put(need.key(), keep ? Objects.requireNonNull(written) : set.confirmed());
            next = earlier(next, earlier(now.plus(renewal), set.confirmed().plus(need.staleFor())));
        }
        return new PublishedSets(
                data,
                KeySetNotes.text(needs, times),
                List.copyOf(problems),
                next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next));
    }

    /** The same, to be decided anew after the cool-down: a report that names a set does not change when another of its keys is missing. */
    public PublishedSets whileKeysAreMissing(Instant now) {
        Instant again = now.plus(RefreshPlan.COOL_DOWN);
        return new PublishedSets(
                data,
                notes,
                problems,
                Optional.of(next.map(due -> earlier(due, again)).orElse(again)));
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private record Candidate(String document, Instant confirmed) {

        boolean isStale(KeySetNeed need, Instant now) {
            return !now.isBefore(confirmed.plus(need.staleFor()));
        }
    }

    private static @Nullable Candidate candidate(
            KeySetState state, @Nullable String published, @Nullable Instant time, Instant now) {
        if (state.document() != null && state.confirmed() != null) {
            return new Candidate(state.document(), state.confirmed());
        }
        return published != null && time != null && !time.isAfter(now) && PublishedSet.isUsable(published)
                ? new Candidate(published, time)
                : null;
    }

    private static @Nullable Problem problem(KeySetNeed need, KeySetState state, @Nullable Candidate set, Instant now) {
        String who = need.place() + ": " + need.source().uri() + ": ";
        if (set == null) {
            return state.failure() == null
                    ? new Problem(Kind.PENDING, who + "the key set has not been fetched yet.")
                    : new Problem(
                            Kind.UNAVAILABLE,
                            who + state.failure() + ". No key set is in force, so all tokens are refused.");
        }
        Instant fetched = set.confirmed().truncatedTo(ChronoUnit.SECONDS);
        String why = Objects.requireNonNullElse(state.failure(), "the key set has not been fetched yet");
        if (set.isStale(need, now)) {
            return new Problem(
                    Kind.UNAVAILABLE,
                    who + why + ". The last good key set, of " + fetched
                            + ", is older than staleFor and withdrawn, so all tokens are refused.");
        }
        // A set that was taken over is as good as the one that was good before the operator's start.
        return state.failures() <= KeySetState.TOLERATED
                ? null
                : new Problem(
                        Kind.NOT_REFRESHED,
                        who + why + ". The last good key set, of " + fetched + ", counts until "
                                + set.confirmed().plus(need.staleFor()).truncatedTo(ChronoUnit.SECONDS) + ".");
    }
}
