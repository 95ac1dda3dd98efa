// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeepaliveRoundsTest {

    private static final Duration ROUND = Duration.ofSeconds(30);

    private final ManualScheduler loop = new ManualScheduler();
    private final KeepaliveRounds rounds = new KeepaliveRounds(loop, ROUND, loop::nanoTime);
    private final List<Integer> visited = new ArrayList<>();
    private final List<KeepaliveRounds.RoundEntry> entries = new ArrayList<>();

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            int name = entries.size();
            KeepaliveRounds.RoundEntry entry = new KeepaliveRounds.RoundEntry() {
                @Override
                void threw(Throwable cause) {
                    throw new AssertionError(cause);
                }

                @Override
                void check() {
                    visited.add(name);
                }
            };
            entries.add(entry);
            rounds.add(entry);
        }
    }

    @Test
    void entriesAddedTogetherAreCheckedEvenlyOverTheRound() {
        add(10_000);
        // The step that starts when the first entry is added.
        loop.advance(Duration.ofSeconds(5));
        int most = visited.size();
        for (int i = 0; i < 298; i++) {
            int before = visited.size();
            loop.advance(Duration.ofMillis(100));
            most = Math.max(most, visited.size() - before);
        }

        // 10,000 entries over 300 steps of 100 ms, and a step of 50 ms before them.
        assertThat(most).isLessThanOrEqualTo(34 + 17);
        assertThat(visited).doesNotHaveDuplicates().hasSizeBetween(9_900, 10_000);
    }

    @Test
    void eachEntryIsCheckedOncePerRoundInTheOrderAdded() {
        add(7);
        loop.advance(ROUND.multipliedBy(3).plusSeconds(5));

        assertThat(visited.subList(0, 21))
                .containsExactlyElementsOf(
                        IntStream.range(0, 21).mapToObj(i -> i % 7).toList());
    }

    @Test
    void newEntriesAreCheckedAfterAllOthers() {
        add(100);
        loop.advance(Duration.ofSeconds(15));
        int half = visited.size();
        add(50);
        loop.advance(ROUND);

        assertThat(half).isBetween(30, 50);
        // The new entries were added after the entry that was checked last.
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, 100).forEach(order::add);
        IntStream.range(0, half).forEach(order::add);
        IntStream.range(100, 110).forEach(order::add);
        assertThat(visited).startsWith(order.subList(0, half + 50).toArray(Integer[]::new));
        assertThat(visited.indexOf(100)).isEqualTo(half + 100);
    }

    @Test
    void removedEntriesAreNotChecked() {
        add(60);
        for (int i = 0; i < 60; i += 2) {
            rounds.remove(entries.get(i));
            rounds.remove(entries.get(i));
        }
        loop.advance(ROUND.plusSeconds(6));

        Map<Integer, Integer> times = new HashMap<>();
        visited.forEach(name -> times.merge(name, 1, Integer::sum));
        assertThat(times.keySet()).hasSize(30).allMatch(name -> name % 2 == 1);
    }

    @Test
    void anEntryMayRemoveItselfDuringItsCheck() {
        KeepaliveRounds.RoundEntry[] leaving = new KeepaliveRounds.RoundEntry[1];
        leaving[0] = new KeepaliveRounds.RoundEntry() {
            @Override
            void threw(Throwable cause) {
                throw new AssertionError(cause);
            }

            @Override
            void check() {
                visited.add(-1);
                rounds.remove(leaving[0]);
            }
        };
        rounds.add(leaving[0]);
        add(1);
        loop.advance(ROUND.multipliedBy(2));

        assertThat(visited).containsOnlyOnce(-1).contains(0);
    }

    @Test
    void afterAPauseOfTheProcessNoEntryIsCheckedTwice() {
        add(600);
        loop.advance(Duration.ofSeconds(1));
        int before = visited.size();
        loop.pause(Duration.ofHours(1));
        loop.advance(Duration.ofMillis(1));

        assertThat(visited.size() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void noTimerRunsWhileThereAreNoEntries() {
        add(3);
        entries.forEach(rounds::remove);
        loop.advance(ROUND);

        assertThat(loop.pending()).isZero();
        assertThat(visited).isEmpty();
    }

    @Test
    void aFailingCheckDoesNotAffectTheOthers() {
        List<Throwable> failures = new ArrayList<>();
        rounds.add(new KeepaliveRounds.RoundEntry() {
            @Override
            void check() {
                throw new StackOverflowError();
            }

            @Override
            void threw(Throwable cause) {
                failures.add(cause);
            }
        });
        add(1);

        loop.advance(ROUND.multipliedBy(3));

        assertThat(visited).hasSizeGreaterThan(1);
        assertThat(failures).hasSizeGreaterThan(1).hasOnlyElementsOfType(StackOverflowError.class);
    }
}
