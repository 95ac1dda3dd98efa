// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy that serves one client a millisecond while it runs, in simulated time. */
class StandingQueueTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int PER_SECOND = 1000;
    /** Of the kernel: further clients are not let in. */
    private static final int BACKLOG = 4096;

    private long now = Long.MAX_VALUE - 3 * TimeUnit.SECONDS.toNanos(1);
    private final StandingQueue queue = new StandingQueue(now);
    private double waiting;
    private int served;
    private int refused;
    private int mostRefusedAtOnce;
    private int looks;

    /** The process runs. */
    private void run(int millis, double arrivalsPerSecond) {
        for (int i = 0; i < millis; i++) {
            pause(1, arrivalsPerSecond);
            if (waiting < 1) {
                continue;
            }
            waiting--;
            served++;
            int excess = queue.excess(
                    () -> {
                        looks++;
                        return (int) waiting;
                    },
                    now);
            waiting -= excess;
            refused += excess;
            mostRefusedAtOnce = Math.max(mostRefusedAtOnce, excess);
        }
    }

    /** It does not run. */
    private void pause(int millis, double arrivalsPerSecond) {
        now += millis * MILLI;
        waiting = Math.min(BACKLOG, waiting + millis * arrivalsPerSecond / PER_SECOND);
    }

    @Test
    void ofTwiceTheClientsItServesAsManyAsItCanAndTheOthersAreRefusedWithoutALongWait() {
        run(3_000, 2 * PER_SECOND);
        refused = 0;
        served = 0;

        run(10_000, 2 * PER_SECOND);

        assertThat(served).isEqualTo(10 * PER_SECOND);
        assertThat(refused).isBetween(9 * PER_SECOND, 11 * PER_SECOND);
        assertThat(waiting).isLessThanOrEqualTo(StandingQueue.TOLERATED + 2);
        assertThat(mostRefusedAtOnce).isEqualTo(StandingQueue.REFUSED_AT_ONCE);
    }

    @Test
    void overloadDoesNotComeAndGo() {
        run(8_000, 1.1 * PER_SECOND);

        for (int i = 0; i < 100; i++) {
            run(100, 1.1 * PER_SECOND);
            assertThat(queue.isOverload()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9, 0.95})
    void aPauseIsNoOverload(double load) {
        run(5_000, load * PER_SECOND);
        pause(3_000, load * PER_SECOND);
        run(60_000, load * PER_SECOND);

        assertThat(refused).isZero();
        assertThat(queue.isOverload()).isFalse();
    }

    @Test
    void aCrowdThatComesAtOnceIsServed() {
        waiting = BACKLOG;

        run(10_000, 0.3 * PER_SECOND);

        assertThat(refused).isZero();
        assertThat(served).isGreaterThan(BACKLOG);
    }

    @Test
    void aProcessThatIsRarelyRunServesItsClients() {
        waiting = 2_000;

        for (int i = 0; i < 60; i++) {
            run(100, 20);
            pause(2_900, 20);
        }

        assertThat(refused).isZero();
    }

    @Test
    void aProcessThatIsRarelyRunRefusesWhatItCannotServe() {
        for (int i = 0; i < 100; i++) {
            run(10, PER_SECOND);
            pause(300, PER_SECOND);
        }

        assertThat(refused).isPositive();
        assertThat(queue.isOverload()).isTrue();
    }

    @Test
    void fewAreNeverRefusedHoweverLongTheyWait() {
        for (int i = 0; i < 1_000; i++) {
            waiting = StandingQueue.TOLERATED;
            run(1, 0);
            pause(100, 0);
        }

        assertThat(refused).isZero();
    }

    @Test
    void clientsThatConnectAgainAsSoonAsTheyAreServedAreNoOverloadIfTheyAreServedSoon() {
        for (int i = 0; i < 20_000; i++) {
            waiting = 240;
            run(1, 0);
        }
        assertThat(refused).isZero();

        for (int i = 0; i < 20_000; i++) {
            waiting = 300;
            run(1, 0);
        }
        assertThat(refused).isPositive();
    }

    @Test
    void onAFastMachineAFullQueueIsOverload() {
        int refusedThere = 0;
        for (int i = 0; i < 100_000; i++) {
            now += MILLI / 20;
            refusedThere += queue.excess(() -> BACKLOG, now);
        }

        assertThat(refusedThere).isPositive();
    }

    @Test
    void whatWasSeenBeforeAnHourOfSilenceDoesNotCount() {
        run(5_000, 2 * PER_SECOND);
        assertThat(queue.isOverload()).isTrue();
        waiting = 0;
        now += TimeUnit.HOURS.toNanos(1);
        refused = 0;

        waiting = 1_000;
        run(2_000, 0);

        assertThat(refused).isZero();
    }

    @Test
    void afterOverloadCrowdsAreServedAgain() {
        run(5_000, 2 * PER_SECOND);
        assertThat(queue.isOverload()).isTrue();
        run(1_200, 0.5 * PER_SECOND);
        refused = 0;

        waiting += 200;
        run(1_000, 0.5 * PER_SECOND);

        assertThat(refused).isZero();
        assertThat(queue.isOverload()).isFalse();
    }

    @Test
    void whileFewWaitItLooksRarely() {
        run(10_000, PER_SECOND);

        assertThat(served).isGreaterThan(9_000);
        assertThat(looks).isLessThanOrEqualTo(500);
    }
}
