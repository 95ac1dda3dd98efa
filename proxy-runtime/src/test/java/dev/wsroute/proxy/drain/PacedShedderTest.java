// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.RecordedConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacedShedderTest {

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ConnectionRegistry registry = new ConnectionRegistry();
    private final Counting counting = new Counting();
    private Duration window = Duration.ofSeconds(60);
    private final PacedShedder shedder =
            new PacedShedder(scheduler, registry, () -> window, counting, new Random(7), scheduler::nanoTime);
    private final List<Long> closedAtNanos = new ArrayList<>();

    private Collection<LiveConnection> connections(int count) {
        List<LiveConnection> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LiveConnection connection = new RecordedConnection(registry, scheduler::nanoTime, closedAtNanos);
            registry.add(connection);
            all.add(connection);
        }
        return all;
    }

    private void comeDue(Collection<LiveConnection> connections) {
        for (LiveConnection connection : connections) {
            shedder.enqueue(connection, CloseReason.MAX_AGE, () -> connection.close(CloseReason.MAX_AGE));
        }
    }

    private long most() {
        return RecordedConnection.mostInASecond(closedAtNanos);
    }

    private static final class Counting implements ShedObserver {
        private int waiting;
        private int asked;

        @Override
        public void waiting(CloseReason reason, int change) {
            waiting += change;
        }

        @Override
        public void asked(CloseReason reason) {
            asked++;
        }
    }

    @ParameterizedTest
    @CsvSource({"600, 60", "5000, 60", "100000, 60", "200, 20", "7, 5"})
    void noSecondCarriesMoreThanItsShareAndAThird(int count, int seconds) {
        CompletionStage<Void> done =
                shedder.shed(connections(count), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(seconds));

        scheduler.advance(Duration.ofSeconds(seconds));

        assertThat(closedAtNanos).hasSize(count);
        assertThat(done.toCompletableFuture()).isCompleted();
        long share = Math.max(1, Math.round(Math.ceil(1.3 * count / seconds)));
        assertThat(most()).isLessThanOrEqualTo(share);
        assertThat(counting.asked).isEqualTo(count);
        assertThat(counting.waiting).isZero();
    }

    @Test
    void whereWindowsOverlapNoSecondCarriesMoreThanTheSharesTogetherAndAThird() {
        shedder.shed(connections(600), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(60));
        scheduler.advance(Duration.ofSeconds(7));
        shedder.shed(connections(300), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(20));
        scheduler.advance(Duration.ofSeconds(9));
        scheduler.pause(Duration.ofSeconds(5));
        shedder.shed(connections(100), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(5));
        scheduler.advance(Duration.ofSeconds(80));

        assertThat(closedAtNanos).hasSize(1000);
        assertThat(most()).isLessThanOrEqualTo((long) (1.3 * (10 + 15 + 20)));
    }

    @Test
    void aConnectionThatEndedBeforeItsTimeIsNotClosedAndNotAwaited() {
        Collection<LiveConnection> connections = connections(100);
        CompletionStage<Void> done = shedder.shed(connections, CloseReason.ROUTE_REMOVED, Duration.ofSeconds(10));
        assertThat(counting.waiting).isEqualTo(100);
        scheduler.advance(Duration.ofSeconds(5));
        connections.forEach(registry::remove);

        scheduler.advance(Duration.ofSeconds(1));

        assertThat(done.toCompletableFuture()).isCompleted();
        assertThat(closedAtNanos).hasSizeBetween(49, 51);
        assertThat(counting.waiting).isZero();
        assertThat(counting.asked).isEqualTo(closedAtNanos.size());
    }

    @Test
    void aSingleDueConnectionIsClosedAtOnceAndAFewWithinASecond() {
        comeDue(connections(1));
        assertThat(closedAtNanos).hasSize(1);

        scheduler.advance(Duration.ofSeconds(5));
        comeDue(connections(PacedShedder.MIN_PER_SECOND));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(closedAtNanos).hasSize(1 + PacedShedder.MIN_PER_SECOND);
    }

    @ParameterizedTest
    @CsvSource({"2000, 20", "2000, 60", "50000, 60"})
    void manyConnectionsDueTogetherAreClosedAsEvenlyAsInAShutdown(int count, int seconds) {
        window = Duration.ofSeconds(seconds);

        comeDue(connections(count));
        assertThat(counting.waiting).isGreaterThan(count * 9 / 10);
        scheduler.advance(Duration.ofSeconds(seconds + 1));

        assertThat(closedAtNanos).hasSize(count);
        assertThat(most()).isLessThanOrEqualTo((long) (1.3 * count / seconds));
        assertThat(counting.waiting).isZero();
    }

    @Test
    void afterAPauseDueConnectionsAreNotClosedFaster() {
        comeDue(connections(6000));
        scheduler.advance(Duration.ofSeconds(10));
        int before = closedAtNanos.size();

        scheduler.pause(Duration.ofSeconds(20));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(closedAtNanos.size() - before).isBetween(90, 130);
    }

    @Test
    void afterAPauseItContinuesAtItsRate() {
        shedder.shed(connections(600), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(60));
        scheduler.advance(Duration.ofSeconds(10));
        int before = closedAtNanos.size();

        scheduler.pause(Duration.ofSeconds(20));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(closedAtNanos.size() - before).isBetween(9, 13);
    }

    @Test
    void twoProxiesDoNotAskAtTheSameMoments() {
        shedder.shed(connections(1), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(10));
        shedder.shed(connections(1), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(10));

        scheduler.advance(Duration.ofSeconds(10));

        assertThat(closedAtNanos).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void withoutAWindowAllAreAskedAtOnce() {
        shedder.shed(connections(50), CloseReason.ROUTE_REMOVED, Duration.ZERO);

        scheduler.advance(Duration.ofMillis(1));

        assertThat(closedAtNanos).hasSize(50);
    }

    @Test
    void withoutConnectionsItIsDoneAtOnce() {
        assertThat(shedder.shed(List.of(), CloseReason.ROUTE_REMOVED, Duration.ofSeconds(10))
                        .toCompletableFuture())
                .isCompleted();
    }
}
