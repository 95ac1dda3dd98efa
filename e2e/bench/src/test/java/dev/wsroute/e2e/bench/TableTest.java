// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAlignedAndWhatIsMissingIsADash() {
        Table table = new Table(
                "CPU",
                List.of("relay", "nginx", "ours"),
                List.of(
                        new Table.Row("echo", Map.of("relay", 10.0, "nginx", 20.0, "ours", 12.5)),
                        new Table.Row("pipelined", Map.of("relay", 0.5, "ours", 0.25))),
                false);

        assertThat(table.lines())
                .containsExactly(
                        "CPU",
                        "           relay  nginx   ours  ours/relay  ours/best",
                        "echo        10.0   20.0   12.5        1.25       0.63",
                        "pipelined  0.500      -  0.250        0.50          -");
    }

    @Test
    void aNumberShowsAboutThreeDigitsThatCount() {
        assertThat(List.of(1234567.8, 123.4, 12.34, 1.234, 0.1234))
                .map(Table::number)
                .containsExactly("1,234,568", "123", "12.3", "1.23", "0.123");
    }

    @Test
    void aReportHasATableForWhatWasMeasuredAndNoneForTheRest() {
        Results results = new Results();
        results.add(
                LoadScenario.IDLE,
                "ours",
                new Measurement(Map.of(Measurement.MEMORY_AT_START, 64_000.0, Measurement.MEMORY_PER_CONNECTION, 4.0)));

        List<Table> tables = new Report(results, List.of("ours")).tables();

        assertThat(tables)
                .singleElement()
                .satisfies(table -> assertThat(table.lines())
                        .containsExactly(
                                "Memory (PSS)",
                                "                                 ours  ours/relay  ours/best",
                                "at start, MB                     64.0           -          -",
                                "an idle connection of 5,000, kB  4.00           -          -"));
    }

    @Test
    void aCheckIsComparedWithTheSameProxyWithoutOne() {
        Results results = new Results();
        results.add(LoadScenario.ACCESS_NONE, "nginx", new Measurement(Map.of(Measurement.CPU, 100.0)));
        results.add(LoadScenario.ACCESS_NONE, "ours", new Measurement(Map.of(Measurement.CPU, 120.0)));
        results.add(LoadScenario.ACCESS_EXTERNAL, "nginx", new Measurement(Map.of(Measurement.CPU, 150.0)));
        results.add(LoadScenario.ACCESS_EXTERNAL, "ours", new Measurement(Map.of(Measurement.CPU, 210.0)));
        results.add(LoadScenario.ACCESS_TOKEN, "ours", new Measurement(Map.of(Measurement.CPU, 126.0)));

        List<Table> tables = new Report(results, List.of("nginx", "ours")).tables();

        assertThat(tables)
                .filteredOn(table -> table.title().contains("without a check"))
                .singleElement()
                .satisfies(table -> assertThat(table.lines())
                        .contains(
                                "                                               nginx  ours  ours/relay  ours/best",
                                "access-none: no check                           1.00  1.00           -       1.00",
                                "access-token: JWT with ES256, always the same      -  1.05           -          -",
                                "access-external: a service is asked each time   1.50  1.75           -       1.17"));
    }

    @Test
    void theChartDrawsEachProxyAsAMultipleOfTheRelay() {
        Table.Row row = new Table.Row("echo: 64 connections", Map.of("relay", 10.0, "nginx", 20.0, "ours", 12.0));

        String svg = new Chart(List.of("relay", "nginx", "ours", "direct"), List.of(row)).svg();

        assertThat(svg)
                .startsWith("<svg ")
                .contains(">echo</text>", ">1.00</text>", ">2.00</text>", ">1.20</text>")
                .doesNotContain("direct");
    }
}
