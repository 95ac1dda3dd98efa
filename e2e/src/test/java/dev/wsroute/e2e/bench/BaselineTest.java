package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTest {

    private static final Baseline BEFORE =
            new Baseline(Map.of("echo", Map.of("relay", 1.0, "bestPeer", 0.8), "large", Map.of("relay", 1.2)));

    @Test
    void aRatioThatGrewByMoreThanFifteenPercentIsARegressionThatNamesScenarioAndFigures() {
        Baseline now = new Baseline(Map.of("echo", Map.of("relay", 1.16, "bestPeer", 0.8)));

        assertThat(BEFORE.regressions(now))
                .containsExactly("echo: CPU per message is 1.16 times that of the bare relay; the baseline has 1.00");
    }

    @Test
    void aRatioThatGrewByLessOrFellIsNone() {
        Baseline now = new Baseline(Map.of("echo", Map.of("relay", 1.14, "bestPeer", 0.3)));

        assertThat(BEFORE.regressions(now)).isEmpty();
    }

    @Test
    void whatWasNotMeasuredIsNotCompared() {
        assertThat(BEFORE.regressions(new Baseline(Map.of()))).isEmpty();
    }

    @Test
    void theRatiosOfARunAreThoseOfItsMedians() {
        Results results = new Results();
        for (double cpu : new double[] {2, 30, 1}) {
            results.add(Scenario.ECHO, "ours", new Measurement(Map.of(Measurement.CPU, cpu)));
        }
        results.add(Scenario.ECHO, "relay", new Measurement(Map.of(Measurement.CPU, 3.0)));
        results.add(Scenario.IDLE, "ours", new Measurement(Map.of(Measurement.MEMORY_AT_START, 1.0)));

        assertThat(Baseline.of(results).ratios()).isEqualTo(Map.of("echo", Map.of("relay", 0.667)));
    }

    @Test
    void whatIsWrittenIsReadAgain(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("baseline.json");

        BEFORE.write(file);

        assertThat(Baseline.read(file)).isEqualTo(BEFORE);
    }

    @Test
    void theCommittedOneHasBothRatiosOfEveryScenarioThatTheSmokeRunMeasures() throws Exception {
        Baseline committed = Baseline.read(Repository.locate().get("e2e/bench/baseline.json"));

        assertThat(committed.ratios()).containsOnlyKeys("echo", "pipelined", "connect");
        assertThat(committed.ratios().values())
                .allSatisfy(ratios -> assertThat(ratios).containsOnlyKeys("relay", "bestPeer"));
    }
}
