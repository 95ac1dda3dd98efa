// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.e2e.bench.machine.Machine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlResultsTest {

    private static final Figure MET = new Figure("a", "median", 20.0, "ms", 20.0);
    private static final Figure MISSED = new Figure("a", "p99", 100.1, "ms", 100.0);
    private static final Figure FREE = Figure.of("b", "max", 400, "ms");

    @Test
    void aBarIsMetByWhatIsAtItAndMissedByWhatIsAbove() {
        assertThat(MET.missed()).isFalse();
        assertThat(MISSED.missed()).isTrue();
        assertThat(FREE.missed()).isFalse();
        assertThat(results(MET, FREE).missed()).isFalse();
        assertThat(results(MET, MISSED).missed()).isTrue();
    }

    @Test
    void eachFigureIsBesideItsBar() {
        StringWriter text = new StringWriter();

        results(MET, MISSED, FREE).print(new PrintWriter(text));

        assertThat(text.toString().lines())
                .anyMatch(line -> line.matches("a +median +20 ms +<= 20 +met"))
                .anyMatch(line -> line.matches("a +p99 +100\\.1 ms +<= 100 +MISSED"))
                .anyMatch(line -> line.matches("b +max +400 ms"))
                .contains("cores: 2", "a note");
    }

    @Test
    void programsReadThemAsJson(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("figures.json");

        results(MISSED, FREE).write(file);

        var json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.at("/machine/cores").asText()).isEqualTo("2");
        assertThat(json.at("/figures/0/value").asDouble()).isEqualTo(100.1);
        assertThat(json.at("/figures/0/atMost").asDouble()).isEqualTo(100);
        assertThat(json.at("/figures/0/met").asBoolean(true)).isFalse();
        assertThat(json.at("/figures/1/met").isMissingNode()).isTrue();
        assertThat(json.at("/notes/0").asText()).isEqualTo("a note");
    }

    private static ControlResults results(Figure... figures) {
        return new ControlResults(new Machine("a processor", 2, 1024, "Linux 6"), List.of(figures), List.of("a note"));
    }
}
