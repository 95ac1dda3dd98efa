// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.testkit.MovableClock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SliceWaitTest {

    private static final Duration AT_MOST = Duration.ofSeconds(5);

    private final MovableClock clock = new MovableClock();
    private final SliceWait wait = new SliceWait(clock, AT_MOST);

    @Test
    void thereIsNoWaitIfNothingIsMissing() {
        assertThat(wait.remaining("u", Set.of())).isZero();
    }

    @Test
    void aWaitEndsOnceWhileTheSameSliceIsMissing() {
        assertThat(wait.remaining("u", Set.of("a", "b"))).isEqualTo(AT_MOST);

        clock.advance(Duration.ofSeconds(2));
        assertThat(wait.remaining("u", Set.of("a"))).isEqualTo(Duration.ofSeconds(3));
        clock.advance(Duration.ofSeconds(3));
        assertThat(wait.remaining("u", Set.of("a"))).isZero();
        clock.advance(Duration.ofSeconds(60));
        assertThat(wait.remaining("u", Set.of("a"))).isZero();
    }

    @Test
    void aFurtherServiceRestartsTheWait() {
        wait.remaining("u", Set.of("a"));
        clock.advance(AT_MOST);

        assertThat(wait.remaining("u", Set.of("a", "b"))).isEqualTo(AT_MOST);
    }

    @Test
    void aSliceThatDisappearsAgainRestartsTheWait() {
        wait.remaining("u", Set.of("a"));
        clock.advance(AT_MOST);
        wait.remaining("u", Set.of());

        assertThat(wait.remaining("u", Set.of("a"))).isEqualTo(AT_MOST);
    }

    @Test
    void routesWaitIndependently() {
        wait.remaining("u", Set.of("a"));
        clock.advance(Duration.ofSeconds(4));

        assertThat(wait.remaining("v", Set.of("a"))).isEqualTo(AT_MOST);
    }
}
