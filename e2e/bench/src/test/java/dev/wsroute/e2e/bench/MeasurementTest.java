// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {

    @Test
    void theMedianIsTheMiddleOneWhateverTheOrder() {
        assertThat(Measurement.median(9, 1, 5)).isEqualTo(5);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Measurement.median(4, 100, 1, 2)).isEqualTo(3);
    }

    @Test
    void nothingHasNoMedian() {
        assertThatIllegalArgumentException().isThrownBy(Measurement::median);
    }

    @Test
    void mediansAreComputedPerFigure() {
        List<Measurement> runs = List.of(
                new Measurement(Map.of(Measurement.CPU, 1.0, Measurement.RATE, 300.0)),
                new Measurement(Map.of(Measurement.CPU, 3.0, Measurement.RATE, 100.0)),
                new Measurement(Map.of(Measurement.CPU, 2.0, Measurement.RATE, 200.0)));

        Measurement median = Measurement.medianOf(runs);

        assertThat(median.figures()).containsOnly(Map.entry(Measurement.CPU, 2.0), Map.entry(Measurement.RATE, 200.0));
    }

    @Test
    void aFigureThatOneRunLacksIsTheMedianOfTheOthers() {
        List<Measurement> runs = List.of(
                new Measurement(Map.of()),
                new Measurement(Map.of(Measurement.CPU, 1.0)),
                new Measurement(Map.of(Measurement.CPU, 2.0)));

        assertThat(Measurement.medianOf(runs).get(Measurement.CPU)).hasValue(1.5);
    }
}
