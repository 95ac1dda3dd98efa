// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RegressionsTest {

    private final Results results = new Results();

    @Test
    void aScenarioThatTakesMoreThanTheToleranceIsNamedWithBothFigures() {
        measured("before", 10);
        measured("ours", 11.6);

        assertThat(Regressions.in(results))
                .containsExactly("echo: CPU per message is 11.6 µs, 1.16 times what it was before (10.0 µs)");
    }

    @Test
    void whatStaysWithinTheToleranceIsNone() {
        measured("before", 10);
        measured("ours", 11.4);

        assertThat(Regressions.in(results)).isEmpty();
    }

    @Test
    void mediansAreComparedSoThatOneBadRunIsNone() {
        measured("before", 10, 10, 10);
        measured("ours", 10, 50, 10);

        assertThat(Regressions.in(results)).isEmpty();
    }

    @Test
    void whatWasNotMeasuredIsNotCompared() {
        measured("ours", 10);
        results.add(LoadScenario.IDLE, "ours", new Measurement(Map.of(Measurement.MEMORY_AT_START, 1.0)));

        assertThat(Regressions.in(results)).isEmpty();
    }

    private void measured(String proxy, double... cpu) {
        for (double each : cpu) {
            results.add(LoadScenario.ECHO, proxy, new Measurement(Map.of(Measurement.CPU, each)));
        }
    }
}
