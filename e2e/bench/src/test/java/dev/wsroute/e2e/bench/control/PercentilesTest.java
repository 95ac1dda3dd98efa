// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {

    @Test
    void ofAHundredTheRankIsThePercentile() {
        Percentiles hundred = percentiles(LongStream.rangeClosed(1, 100).map(i -> 101 - i));

        assertThat(hundred.at(50)).isEqualTo(Duration.ofMillis(50));
        assertThat(hundred.at(99)).isEqualTo(Duration.ofMillis(99));
        assertThat(hundred.at(99.5)).isEqualTo(Duration.ofMillis(100));
        assertThat(hundred.at(100)).isEqualTo(Duration.ofMillis(100));
        assertThat(hundred.at(0.1)).isEqualTo(Duration.ofMillis(1));
        assertThat(hundred.max()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void ofFiveHundredTheP99IsExceededByFive() {
        Percentiles many = percentiles(LongStream.rangeClosed(1, 500));

        assertThat(many.at(99)).isEqualTo(Duration.ofMillis(495));
    }

    @Test
    void ofTwoTheMedianIsTheLesser() {
        assertThat(percentiles(LongStream.of(7, 3)).at(50)).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void oneIsEveryPercentile() {
        Percentiles one = percentiles(LongStream.of(7));

        assertThat(one.at(1)).isEqualTo(one.at(100)).isEqualTo(one.max());
        assertThat(one.count()).isEqualTo(1);
    }

    @Test
    void thereAreNoneOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Percentiles.of(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> percentiles(LongStream.of(1)).at(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> percentiles(LongStream.of(1)).at(101));
    }

    private static Percentiles percentiles(LongStream millis) {
        return Percentiles.of(millis.mapToObj(Duration::ofMillis).toList());
    }
}
