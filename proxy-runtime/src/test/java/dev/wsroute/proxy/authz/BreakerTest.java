// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private long now = Long.MAX_VALUE - 5;
    private final Breaker breaker = new Breaker(() -> now);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.admit()).isTrue();
            breaker.failed();
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void itOpensAfterFailuresInARowAndLetsOneTry() {
        fail(Breaker.FAILURES);
        assertThat(breaker.admit()).isFalse();

        pass(Breaker.FIRST_PAUSE);

        assertThat(breaker.admit()).isTrue();
        assertThat(breaker.admit()).isFalse();
        breaker.succeeded();
        assertThat(breaker.admit()).isTrue();
        assertThat(breaker.admit()).isTrue();
    }

    @Test
    void aSuccessInBetweenBeginsAnew() {
        fail(Breaker.FAILURES - 1);
        breaker.succeeded();
        fail(Breaker.FAILURES - 1);

        assertThat(breaker.admit()).isTrue();
    }

    @Test
    void eachFailedTryDoublesThePauseUpToALimit() {
        fail(Breaker.FAILURES);
        for (Duration pause = Breaker.FIRST_PAUSE;
                pause.compareTo(Breaker.LONGEST_PAUSE) < 0;
                pause = pause.multipliedBy(2)) {
            pass(pause.minusNanos(1));
            assertThat(breaker.admit()).isFalse();
            pass(Duration.ofNanos(1));
            fail(1);
        }
        fail(0);
        pass(Breaker.LONGEST_PAUSE);
        fail(1);
        pass(Breaker.LONGEST_PAUSE);

        assertThat(breaker.admit()).isTrue();
    }

    @Test
    void whatWasAskedBeforeItOpenedDoesNotProlongThePause() {
        for (int i = 0; i < 2 * Breaker.FAILURES; i++) {
            assertThat(breaker.admit()).isTrue();
        }
        for (int i = 0; i < 2 * Breaker.FAILURES; i++) {
            breaker.failed();
        }

        pass(Breaker.FIRST_PAUSE);

        assertThat(breaker.admit()).isTrue();
    }

    @Test
    void aTryThatFoundOutNothingLetsTheNextTry() {
        fail(Breaker.FAILURES);
        pass(Breaker.FIRST_PAUSE);
        assertThat(breaker.admit()).isTrue();

        breaker.abandoned();

        assertThat(breaker.admit()).isTrue();
    }
}
