// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.drain.ConnectionRights;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RightsClockTest {

    private static final long TICKS_PER_MINUTE = 60_000 / LoopWheel.TICK_MILLIS;

    private long now = Instant.parse("2026-11-30T12:00:00Z").toEpochMilli();

    private RightsClock endingAt(long epochMillis) {
        return new RightsClock(new ConnectionRights(null, null, epochMillis, 1008), () -> now);
    }

    private RightsClock endingIn(Duration left) {
        return endingAt(now + left.toMillis());
    }

    @RepeatedTest(20)
    void itEndsAFewPercentEarlierAtMost() {
        RightsClock clock = endingIn(Duration.ofMinutes(10));

        now += Duration.ofMinutes(10).toMillis() * 95 / 100 - 1;
        assertThat(clock.hasEnded()).isFalse();
        now += Duration.ofMinutes(10).toMillis() * 5 / 100 + 1;
        assertThat(clock.hasEnded()).isTrue();
    }

    @RepeatedTest(20)
    void andAMinuteEarlierAtMost() {
        RightsClock clock = endingIn(Duration.ofDays(30));

        now += Duration.ofDays(30).minusMinutes(1).toMillis() - 1;
        assertThat(clock.hasEnded()).isFalse();
        now += Duration.ofMinutes(1).toMillis() + 1;
        assertThat(clock.hasEnded()).isTrue();
    }

    @Test
    void thoseThatEndTogetherDoNotAllEndAtTheSameTime() {
        long end = now + Duration.ofHours(1).toMillis();
        int early = 0;
        for (int i = 0; i < 1000; i++) {
            long opened = now;
            RightsClock clock = endingAt(end);
            now = end - Duration.ofSeconds(30).toMillis();
            early += clock.hasEnded() ? 1 : 0;
            now = opened;
        }

        assertThat(early).isBetween(350, 650);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1_000_000_000_000L})
    void whatHasEndedBeforeHasEnded(long epochMillis) {
        assertThat(endingAt(epochMillis).hasEnded()).isTrue();
        assertThat(endingAt(epochMillis).ticksToNextLook()).isEqualTo(1);
    }

    /** The end of the year 9999, and what does not fit into an Instant. */
    @ParameterizedTest
    @ValueSource(longs = {253_402_300_799_999L, Long.MAX_VALUE - 1})
    void theDistantFutureDoesNotOverflow(long epochMillis) {
        RightsClock clock = endingAt(epochMillis);

        assertThat(clock.hasEnded()).isFalse();
        assertThat(clock.ticksToNextLook()).isEqualTo(TICKS_PER_MINUTE);
    }

    @Test
    void theClockOfTheWallIsLookedAtAtLeastOnceAMinute() {
        RightsClock clock = endingIn(Duration.ofHours(5));
        assertThat(clock.ticksToNextLook()).isEqualTo(TICKS_PER_MINUTE);

        // The machine was suspended, or its clock was wrong.
        now += Duration.ofHours(6).toMillis();
        assertThat(clock.hasEnded()).isTrue();
        now -= Duration.ofHours(6).toMillis();
        assertThat(clock.hasEnded()).isFalse();
    }

    @Test
    void closeToTheEndItIsLookedAtThen() {
        RightsClock clock = endingIn(Duration.ofMillis(1100));

        assertThat(clock.ticksToNextLook()).isEqualTo(5);
    }
}
