// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.status.ApplyOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StallsTest {

    private static final String UID = "f1c7";
    private static final Stalls.Attempt ATTEMPT = new Stalls.Attempt(3, "a1b2", true, Set.of("d4e5"));
    private static final ApplyOutcome.Failed FAILURE = new ApplyOutcome.Failed("The API refuses it.", true);

    private Instant now = Instant.EPOCH;
    private final Stalls stalls = new Stalls(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    });

    @Test
    void anAttemptWithTheSameInputsWaitsUntilThePauseIsOver() {
        stalls.add(UID, ATTEMPT, FAILURE);

        now = now.plus(Duration.ofMinutes(10)).minusMillis(1);
        assertThat(stalls.known(UID, ATTEMPT)).contains(FAILURE);

        now = now.plusMillis(1);
        assertThat(stalls.known(UID, ATTEMPT)).isEmpty();
    }

    @Test
    void anAttemptWithOtherInputsDoesNotWait() {
        stalls.add(UID, ATTEMPT, FAILURE);

        assertThat(stalls.known(UID, new Stalls.Attempt(4, "a1b2", true, Set.of("d4e5"))))
                .isEmpty();
    }

    /** Time passes between the two calls, and a timer that fires early must not be the last one. */
    @Test
    void aStalledRouteAlwaysHasARetry() {
        stalls.add(UID, ATTEMPT, FAILURE);

        now = now.plus(Duration.ofMinutes(10)).minusMillis(1);
        assertThat(stalls.remaining(UID)).isPositive();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(stalls.remaining(UID)).isPositive();

        stalls.remove(UID);
        assertThat(stalls.remaining(UID)).isZero();
    }

    @Test
    void pausesDoubleUpToTwoHours() {
        Duration pause = Duration.ZERO;
        for (int minutes : new int[] {10, 20, 40, 80, 120, 120}) {
            now = now.plus(pause);
            stalls.add(UID, ATTEMPT, FAILURE);
            pause = stalls.remaining(UID);
            assertThat(pause).isEqualTo(Duration.ofMinutes(minutes));
        }
    }
}
