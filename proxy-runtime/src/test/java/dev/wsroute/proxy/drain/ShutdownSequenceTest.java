// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyDrain;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.RecordedConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ShutdownSequenceTest {

    private static final ProxyDrain DRAIN =
            new ProxyDrain(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(5));

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<String> steps = new ArrayList<>();
    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
    private final CompletableFuture<Void> allAsked = new CompletableFuture<>();
    private final ShutdownSequence sequence =
            new ShutdownSequence(new Target(), new ConnectionRegistry(), new Recorder(), scheduler);

    private final class Recorder implements Shedder {
        @Override
        public CompletionStage<Void> shed(Collection<LiveConnection> connections, CloseReason reason, Duration over) {
            steps.add("shed " + reason + " over " + over);
            return allAsked;
        }

        @Override
        public boolean isDraining() {
            return !allAsked.isDone();
        }
    }

    private final class Target implements ShutdownTarget {
        @Override
        public void endAfterResponses() {
            steps.add("end after responses");
        }

        @Override
        public void stopAccepting() {
            steps.add("stop accepting");
        }

        @Override
        public void finishHttp() {
            steps.add("finish http");
        }

        @Override
        public CompletionStage<Void> allClosed() {
            return allClosed;
        }

        @Override
        public void resetAll() {
            steps.add("reset all");
        }
    }

    @Test
    void readinessFailsAtOnceAndAcceptingContinuesForTheDelay() {
        sequence.begin(DRAIN, () -> steps.add("not ready"), () -> steps.add("closing"));
        scheduler.advance(Duration.ofMillis(14_999));

        assertThat(steps).containsExactly("not ready", "end after responses");

        scheduler.advance(Duration.ofMillis(1));

        assertThat(steps)
                .containsExactly(
                        "not ready",
                        "end after responses",
                        "closing",
                        "stop accepting",
                        "finish http",
                        "shed PROXY_SHUTDOWN over PT1M");
    }

    @Test
    void itIsDoneOnceNoConnectionIsLeft() {
        CompletionStage<Void> done = sequence.begin(DRAIN, () -> {}, () -> steps.add("closing"));
        scheduler.advance(Duration.ofSeconds(20));
        assertThat(done.toCompletableFuture()).isNotDone();

        allClosed.complete(null);

        assertThat(done.toCompletableFuture()).isCompleted();
    }

    @Test
    void whatIsLeftAfterTheWindowAndTheCloseTimeoutIsReset() {
        CompletionStage<Void> done = sequence.begin(DRAIN, () -> {}, () -> steps.add("closing"));
        scheduler.advance(Duration.ofMillis(79_999));
        assertThat(steps).doesNotContain("reset all");

        scheduler.advance(Duration.ofMillis(1));

        assertThat(steps).endsWith("reset all");
        assertThat(done.toCompletableFuture()).isCompleted();
    }

    @Test
    void afterAPauseOfTheProcessItContinuesEvenlyAndClosesTheRestInTimeForAnswers() {
        ConnectionRegistry registry = new ConnectionRegistry();
        List<Long> closed = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            registry.add(new RecordedConnection(registry, scheduler::nanoTime, closed));
        }
        PacedShedder pacer = new PacedShedder(
                scheduler,
                registry,
                () -> Duration.ofSeconds(60),
                ShedObserver.NONE,
                new Random(7),
                scheduler::nanoTime);
        new ShutdownSequence(new Target(), registry, pacer, scheduler).begin(DRAIN, () -> {}, () -> {});

        scheduler.advance(Duration.ofSeconds(25));
        scheduler.pause(Duration.ofSeconds(20));
        scheduler.advance(Duration.ofMillis(32_400));
        assertThat(closed).hasSizeBetween(400, 530);
        assertThat(RecordedConnection.mostInASecond(closed)).isLessThanOrEqualTo(13);
        scheduler.advance(Duration.ofMillis(200));

        assertThat(closed).hasSize(600);
        assertThat(steps).doesNotContain("reset all");
    }

    @Test
    void aSecondSignalChangesNothing() {
        CompletionStage<Void> first = sequence.begin(DRAIN, () -> steps.add("not ready"), () -> steps.add("closing"));
        CompletionStage<Void> second = sequence.begin(DRAIN, () -> steps.add("not ready"), () -> steps.add("closing"));

        assertThat(second).isSameAs(first);
        assertThat(steps).containsExactly("not ready", "end after responses");
    }
}
