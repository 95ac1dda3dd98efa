// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.compile.KeySetSource;
import dev.wsroute.operator.jwks.FetchObserver.Outcome;
import dev.wsroute.operator.jwks.FetchOutcome.Answered;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import dev.wsroute.operator.testkit.MovableClock;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeySetsTest {

    private static final Duration DAY = Duration.ofHours(24);
    private static final ResourceID ROUTE = new ResourceID("chat", "apps");
    private static final KeySetSource SOURCE = source("a");

    private record Running(KeySetSource source, Consumer<FetchOutcome> done) {}

    private final MovableClock clock = new MovableClock();
    private final Deque<Running> running = new ArrayDeque<>();
    private final List<Set<ResourceID>> told = new ArrayList<>();
    private final List<Outcome> counted = new ArrayList<>();
    private final List<IntSupplier> gauges = new ArrayList<>();
    private final KeySets sets = new KeySets(
            clock, (source, done) -> running.add(new Running(source, done)), () -> 0, told::add, new FetchObserver() {
                @Override
                public void fetched(Outcome outcome) {
                    counted.add(outcome);
                }

                @Override
                public void watch(IntSupplier all, IntSupplier failing) {
                    gauges.addAll(List.of(all, failing));
                }
            });

    private static KeySetSource source(String host) {
        return new KeySetSource("https://" + host + ".example.com/keys", null);
    }

    private KeySetState use(ResourceID route, KeySetSource source) {
        return sets.use(route, Map.of(source, DAY)).get(source);
    }

    /** Lets the one attempt that runs end like this. */
    private void end(FetchOutcome outcome) {
        assertThat(running).hasSize(1);
        running.remove().done().accept(outcome);
    }

    private void tickAfter(Duration time) {
        clock.advance(time);
        sets.tick();
    }

    private static Answered answer(String kid) {
        return new Answered(TestSets.of(kid), null);
    }

    private static Failed failure() {
        return new Failed(Reason.TIMEOUT, "too slow");
    }

    @Test
    void routesThatNameTheSameSetShareOneFetch() {
        ResourceID other = new ResourceID("chat", "elsewhere");
        use(ROUTE, SOURCE);
        use(other, SOURCE);

        sets.tick();
        sets.tick();
        end(answer("one"));

        assertThat(told).containsExactly(Set.of(ROUTE, other));
        assertThat(use(ROUTE, SOURCE).document()).isEqualTo(TestSets.of("one"));
        assertThat(use(other, SOURCE)).isEqualTo(use(ROUTE, SOURCE));
        assertThat(counted).containsExactly(Outcome.CHANGED);
        assertThat(gauges).extracting(IntSupplier::getAsInt).containsExactly(1, 0);
    }

    @Test
    void otherAuthoritiesAreAnotherSet() {
        KeySetSource own = new KeySetSource(SOURCE.uri(), new KeySetSource.Authorities("apps", List.of("ca")));
        use(ROUTE, SOURCE);
        use(new ResourceID("other", "apps"), own);

        tickAfter(Duration.ZERO);
        tickAfter(FetchSlots.PACE);

        assertThat(running).extracting(Running::source).containsExactlyInAnyOrder(SOURCE, own);
    }

    @Test
    void aChangedSetIsToldAndTheSameSetIsNot() {
        use(ROUTE, SOURCE);
        tickAfter(Duration.ZERO);
        end(answer("one"));
        tickAfter(Duration.ofMinutes(4));
        end(answer("one"));
        assertThat(told).hasSize(1);

        tickAfter(Duration.ofMinutes(4));
        end(answer("two"));

        assertThat(told).hasSize(2);
        assertThat(use(ROUTE, SOURCE).document()).isEqualTo(TestSets.of("two"));
        assertThat(counted).containsExactly(Outcome.CHANGED, Outcome.UNCHANGED, Outcome.CHANGED);
    }

    @Test
    void aBrokenOrEmptySetNeverReplacesAGoodOne() {
        use(ROUTE, SOURCE);
        tickAfter(Duration.ZERO);
        end(answer("one"));
        var confirmed = use(ROUTE, SOURCE).confirmed();

        for (String broken : List.of("{\"keys\":[]}", "", "<html>", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}")) {
            tickAfter(Duration.ofMinutes(11));
            end(new Answered(broken, null));

            assertThat(use(ROUTE, SOURCE).document()).isEqualTo(TestSets.of("one"));
            assertThat(use(ROUTE, SOURCE).confirmed()).isEqualTo(confirmed);
        }
        assertThat(counted)
                .containsExactly(Outcome.CHANGED, Outcome.ANSWER, Outcome.ANSWER, Outcome.ANSWER, Outcome.ANSWER);
    }

    @Test
    void aFailureIsToldOnceItLasts() {
        use(ROUTE, SOURCE);
        tickAfter(Duration.ZERO);
        end(answer("one"));
        told.clear();

        for (int i = 0; i < 2; i++) {
            tickAfter(Duration.ofMinutes(11));
            end(failure());
        }
        assertThat(told).isEmpty();
        assertThat(gauges.get(1).getAsInt()).isZero();

        for (int i = 0; i < 3; i++) {
            tickAfter(Duration.ofMinutes(11));
            end(failure());
        }
        assertThat(told).hasSize(1);
        assertThat(use(ROUTE, SOURCE).problem()).isEqualTo("too slow");
        assertThat(gauges.get(1).getAsInt()).isEqualTo(1);

        tickAfter(Duration.ofMinutes(11));
        end(answer("one"));
        assertThat(told).hasSize(2);
        assertThat(use(ROUTE, SOURCE).problem()).isNull();
    }

    @Test
    void theFirstFailureIsToldIfThereIsNoSet() {
        use(ROUTE, SOURCE);
        tickAfter(Duration.ZERO);
        end(failure());

        assertThat(told).hasSize(1);
        assertThat(use(ROUTE, SOURCE).problem()).isEqualTo("too slow");
    }

    @Test
    void anUnknownKeyFetchesOnceACoolDown() {
        use(ROUTE, SOURCE);
        tickAfter(Duration.ZERO);
        end(new Answered(TestSets.of("one"), DAY));

        for (int i = 0; i < 59; i++) {
            sets.unknownKey(SOURCE);
            tickAfter(Duration.ofSeconds(1));
        }
        assertThat(running).isEmpty();
        tickAfter(Duration.ofSeconds(1));
        end(failure());

        for (int i = 0; i < 14; i++) {
            sets.unknownKey(SOURCE);
            tickAfter(Duration.ofSeconds(1));
        }
        assertThat(running).isEmpty();
        tickAfter(Duration.ofSeconds(1));
        end(new Answered(TestSets.of("two"), DAY));
        assertThat(use(ROUTE, SOURCE).document()).isEqualTo(TestSets.of("two"));
    }

    @Test
    void aSetIsRefreshedTwiceWithinTheTimeForWhichItCounts() {
        sets.use(ROUTE, Map.of(SOURCE, Duration.ofMinutes(10)));
        tickAfter(Duration.ZERO);
        end(new Answered(TestSets.of("one"), DAY));

        tickAfter(Duration.ofMinutes(3));
        assertThat(running).isEmpty();
        tickAfter(Duration.ofSeconds(45));
        assertThat(running).hasSize(1);
    }

    @Test
    void whatNoRouteUsesIsForgotten() {
        use(ROUTE, SOURCE);
        tickAfter(Duration.ZERO);
        use(ROUTE, source("b"));
        end(answer("one"));
        tickAfter(FetchSlots.PACE);

        assertThat(told).isEmpty();
        assertThat(running).extracting(Running::source).containsExactly(source("b"));
        sets.forget(ROUTE);
        assertThat(gauges.get(0).getAsInt()).isZero();
        end(answer("one"));
        assertThat(use(ROUTE, SOURCE)).isEqualTo(KeySetState.NEW);
    }

    @Test
    void routesThatAreGoneAreSwept() {
        ResourceID other = new ResourceID("other", "apps");
        use(ROUTE, SOURCE);
        use(other, source("b"));

        sets.retain(other::equals);

        assertThat(gauges.get(0).getAsInt()).isEqualTo(1);
        sets.tick();
        assertThat(running).extracting(Running::source).containsExactly(source("b"));
    }

    /** Invariant: hosts of one namespace that hang, however many, do not delay those of another. */
    @Test
    void hostsThatHangDelayNobodyElse() {
        Map<KeySetSource, Duration> many = IntStream.range(0, KeySets.MAX_PER_NAMESPACE)
                .mapToObj(i -> source("hangs" + i))
                .collect(Collectors.toMap(source -> source, source -> DAY));
        sets.use(new ResourceID("greedy", "attacker"), many);
        for (int i = 0; i < 100; i++) {
            tickAfter(FetchSlots.PACE);
        }
        assertThat(running).hasSize(FetchSlots.PER_NAMESPACE);

        use(ROUTE, SOURCE);
        sets.tick();

        assertThat(running).hasSize(FetchSlots.PER_NAMESPACE + 1);
        running.removeLast().done().accept(answer("one"));
        assertThat(use(ROUTE, SOURCE).document()).isNotNull();
    }

    /** An attacker who names the victim's set, too, does not draw it into his own queue. */
    @Test
    void aSharedSetUsesTheSlotOfWhoeverHasOne() {
        Map<KeySetSource, Duration> many = new HashMap<>();
        IntStream.range(0, 10).forEach(i -> many.put(source("hangs" + i), DAY));
        sets.use(new ResourceID("greedy", "aaa"), many);
        for (int i = 0; i < 10; i++) {
            tickAfter(FetchSlots.PACE);
        }
        many.put(SOURCE, DAY);
        sets.use(new ResourceID("greedy", "aaa"), many);
        use(ROUTE, SOURCE);

        sets.tick();

        assertThat(running).extracting(Running::source).contains(SOURCE);
    }

    @Test
    void editsDoNotMakeANamespaceFetchFaster() {
        for (int i = 0; i < 1000; i++) {
            use(ROUTE, source("edit" + i));
            tickAfter(Duration.ofMillis(1));
            if (!running.isEmpty()) {
                end(answer("one"));
            }
        }

        assertThat(counted).hasSize(4);
    }

    @Test
    void aNamespaceCanUseOnlySoMany() {
        Map<KeySetSource, Duration> many = new HashMap<>();
        IntStream.range(0, KeySets.MAX_PER_NAMESPACE).forEach(i -> many.put(source("s" + i), DAY));
        sets.use(ROUTE, many);

        assertThat(use(new ResourceID("other", "apps"), SOURCE).problem())
                .isEqualTo("the routes of namespace apps use 32 other key sets already, and more are not fetched");
        assertThat(use(new ResourceID("third", "apps"), source("s1")).problem()).isNull();
        assertThat(use(new ResourceID("other", "elsewhere"), SOURCE).problem()).isNull();
    }

    @Test
    void soCanACluster() {
        for (int namespace = 0; namespace < 20; namespace++) {
            Map<KeySetSource, Duration> many = new HashMap<>();
            int first = namespace * 25;
            IntStream.range(first, first + 25).forEach(i -> many.put(source("s" + i), DAY));
            sets.use(new ResourceID("chat", "n" + namespace), many);
        }

        assertThat(use(ROUTE, SOURCE).problem())
                .isEqualTo("the routes of this cluster use 500 other key sets already, and more are not fetched");
        assertThat(use(ROUTE, source("s1")).problem()).isNull();
    }
}
