// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.keys.KeySet;
import dev.wsroute.operator.compile.KeySetNeed;
import dev.wsroute.operator.compile.KeySetSource;
import dev.wsroute.operator.jwks.PublishedSets.Kind;
import dev.wsroute.operator.jwks.PublishedSets.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedSetsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final KeySetSource SOURCE = new KeySetSource("https://id.example.com/keys", null);
    private static final KeySetNeed NEED =
            new KeySetNeed("a.json", "Rule main, provider login", SOURCE, Duration.ofHours(10));
    private static final String ONE = TestSets.of("one");
    private static final String TWO = TestSets.of("two");
    private static final String WHO = "Rule main, provider login: https://id.example.com/keys: ";

    private static PublishedSets publish(KeySetState state, Map<String, String> before, String times) {
        return PublishedSets.of(List.of(NEED), Map.of(SOURCE, state), before, times, NOW);
    }

    private static KeySetState good(String document, Duration ago) {
        return KeySetState.NEW.good(document, NOW.minus(ago));
    }

    private static KeySetState failing(KeySetState state) {
        return state.failed("too slow").failed("too slow").failed("too slow");
    }

    private static String at(Duration ago) {
        return noted(NOW.minus(ago).toString());
    }

    private static String noted(String time) {
        return "{\"a.json\":{\"uri\":\"https://id.example.com/keys\",\"staleFor\":\"10h\",\"confirmed\":\"" + time
                + "\"}}";
    }

    @Test
    void publishesWhatWasFetched() {
        PublishedSets published = publish(good(ONE, Duration.ZERO), Map.of(), null);

        assertThat(published.data()).isEqualTo(Map.of("a.json", ONE));
        assertThat(published.notes()).isEqualTo(noted("2026-01-02T03:04:05Z"));
        assertThat(published.problems()).isEmpty();
        assertThat(published.next()).contains(NOW.plus(Duration.ofHours(1)));
    }

    /** The key of another token may be missing by then, and the proxies' reports would not change. */
    @Test
    void whileKeysAreMissingItIsDecidedAnewAfterTheCoolDown() {
        PublishedSets published = publish(good(ONE, Duration.ZERO), Map.of(), null);

        PublishedSets missing = published.whileKeysAreMissing(NOW);

        assertThat(missing.next()).contains(NOW.plus(RefreshPlan.COOL_DOWN));
        assertThat(missing.data()).isEqualTo(published.data());
        assertThat(PublishedSets.NONE.whileKeysAreMissing(NOW).next()).contains(NOW.plus(RefreshPlan.COOL_DOWN));
        Instant soon = NOW.plusSeconds(1);
        assertThat(new PublishedSets(published.data(), "", List.of(), Optional.of(soon))
                        .whileKeysAreMissing(NOW)
                        .next())
                .contains(soon);
    }

    @Test
    void theTimesAreNotWrittenAtEveryFetch() {
        KeySetState now = good(ONE, Duration.ZERO);
        Map<String, String> before = Map.of("a.json", ONE);

        assertThat(publish(now, before, at(Duration.ofMinutes(59))).notes()).isEqualTo(at(Duration.ofMinutes(59)));
        assertThat(publish(now, before, at(Duration.ofMinutes(60))).notes()).isEqualTo(at(Duration.ZERO));
        assertThat(publish(now, Map.of("a.json", TWO), at(Duration.ofMinutes(1)))
                        .notes())
                .isEqualTo(at(Duration.ZERO));
        // From a clock that was ahead.
        assertThat(publish(now, before, at(Duration.ofMinutes(-5))).notes()).isEqualTo(at(Duration.ZERO));
    }

    @Test
    void aSetThatWasNeverFetchedIsAbsentAndSaid() {
        assertThat(publish(KeySetState.NEW, Map.of(), null).problems())
                .containsExactly(new Problem(Kind.PENDING, WHO + "the key set has not been fetched yet."));

        PublishedSets published = publish(KeySetState.NEW.failed("too slow"), Map.of(), null);
        assertThat(published.data()).isEmpty();
        assertThat(published.problems())
                .containsExactly(new Problem(
                        Kind.UNAVAILABLE, WHO + "too slow. No key set is in force, so all tokens are refused."));
    }

    @Test
    void theLastGoodSetCountsUntilItIsStaleAndIsThenWithdrawn() {
        KeySetState fresh = failing(good(ONE, Duration.ofHours(9)));
        PublishedSets published = publish(fresh, Map.of("a.json", ONE), at(Duration.ofHours(9)));
        assertThat(published.data()).isEqualTo(Map.of("a.json", ONE));
        assertThat(published.problems())
                .containsExactly(new Problem(
                        Kind.NOT_REFRESHED,
                        WHO + "too slow. The last good key set, of 2026-01-01T18:04:05Z, counts until"
                                + " 2026-01-02T04:04:05Z."));
        assertThat(published.next()).contains(NOW.plus(Duration.ofHours(1)));

        PublishedSets stale =
                publish(failing(good(ONE, Duration.ofHours(10))), Map.of("a.json", ONE), at(Duration.ofHours(10)));
        assertThat(stale.data()).isEqualTo(Map.of("a.json", KeySet.WITHDRAWN));
        assertThat(stale.problems())
                .containsExactly(new Problem(
                        Kind.UNAVAILABLE,
                        WHO + "too slow. The last good key set, of 2026-01-01T17:04:05Z, is older than staleFor and"
                                + " withdrawn, so all tokens are refused."));
        assertThat(stale.next()).isEmpty();
    }

    @Test
    void aFewFailuresAreNoNews() {
        assertThat(publish(good(ONE, Duration.ofHours(1)).failed("x").failed("x"), Map.of(), null)
                        .problems())
                .isEmpty();
    }

    @Test
    void afterAStartThePublishedSetCountsOn() {
        Map<String, String> before = Map.of("a.json", ONE);
        String times = at(Duration.ofHours(9));

        for (KeySetState state : List.of(KeySetState.NEW, KeySetState.NEW.failed("too slow"))) {
            PublishedSets published = publish(state, before, times);
            assertThat(published.data()).isEqualTo(before);
            assertThat(published.notes()).isEqualTo(times);
            assertThat(published.problems()).isEmpty();
            assertThat(published.next()).contains(NOW.plus(Duration.ofHours(1)));
        }
        assertThat(publish(failing(KeySetState.NEW), before, times).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(Kind.NOT_REFRESHED));
        assertThat(publish(KeySetState.NEW, before, at(Duration.ofHours(10))).data())
                .isEqualTo(Map.of("a.json", KeySet.WITHDRAWN));
        assertThat(publish(good(TWO, Duration.ZERO), before, times).data()).isEqualTo(Map.of("a.json", TWO));
    }

    @Test
    void withdrawnKeysStayWithdrawnUntilThereAreNewOnes() {
        Map<String, String> before = Map.of("a.json", KeySet.WITHDRAWN);

        assertThat(publish(KeySetState.NEW, before, null).data()).isEqualTo(before);
        assertThat(publish(KeySetState.NEW.failed("x"), before, at(Duration.ZERO))
                        .data())
                .isEqualTo(before);
        assertThat(publish(good(ONE, Duration.ZERO), before, null).data()).isEqualTo(Map.of("a.json", ONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"a.json\":1}",
                "{\"a.json\":{\"confirmed\":\"x\"}}",
                "{\"b.json\":{\"confirmed\":\"2026-01-02T03:04:04Z\"}}",
                "{\"a.json\":{\"confirmed\":\"2999-01-01T00:00:00Z\"}}",
            })
    void aSetWithoutACredibleTimeIsNotTakenOver(String times) {
        assertThat(publish(KeySetState.NEW, Map.of("a.json", ONE), times).data())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"keys\":[]}", "{", "x"})
    void neitherIsABrokenOne(String document) {
        assertThat(publish(KeySetState.NEW, Map.of("a.json", document), at(Duration.ZERO))
                        .data())
                .isEmpty();
    }

    @Test
    void setsThatTheRouteNoLongerUsesAreRemoved() {
        assertThat(publish(good(ONE, Duration.ZERO), Map.of("b.json", TWO), null)
                        .data())
                .isEqualTo(Map.of("a.json", ONE));
    }
}
