// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {

    /** Clocks may have any value. */
    private static final long START = Long.MAX_VALUE - 1000;

    private static long millis(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void itIsFullAtFirstAndNeverHoldsMoreThanItsBurst() {
        TokenBucket bucket = new TokenBucket(100, 30, START);

        assertThat(bucket.available(START)).isEqualTo(30);
        assertThat(bucket.available(millis(100_000))).isEqualTo(30);
    }

    @Test
    void whatWasTakenComesBackAtTheRate() {
        TokenBucket bucket = new TokenBucket(100, 30, START);
        bucket.take(30);

        assertThat(bucket.available(START)).isZero();
        assertThat(bucket.available(millis(9))).isZero();
        assertThat(bucket.available(millis(101))).isEqualTo(10);
        assertThat(bucket.available(millis(201))).isEqualTo(20);
    }

    /** At least one, and what comes in 20 ms. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1000", "10, 1, 1, 100", "1000, 1, 20, 20", "1000000, 1000000, 20000, 20", "3, 500, 1, 334"})
    void whoWaitsIsServedInPortions(long perSecond, long burst, long portion, long waitMillis) {
        TokenBucket bucket = new TokenBucket(perSecond, burst, START);
        bucket.take(bucket.available(START));

        long wait = bucket.nanosUntilPortion(START);

        assertThat(wait)
                .isBetween(
                        TimeUnit.MILLISECONDS.toNanos(waitMillis - 1), TimeUnit.MILLISECONDS.toNanos(waitMillis + 1));
        assertThat(bucket.nanosUntilPortion(START + wait + 1000)).isZero();
        assertThat(bucket.available(START + wait + 1000)).isBetween(portion, portion + 1);
    }

    @Test
    void theLargestRateAndBurstDoNotOverflow() {
        TokenBucket bucket = new TokenBucket(1L << 40, 1L << 40, START);
        bucket.take(1L << 40);

        assertThat(bucket.available(millis(500))).isBetween((1L << 39) - 1000, (1L << 39) + 1000);
    }
}
