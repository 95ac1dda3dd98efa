// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of handshakes that are checked: one row for each check. */
record AccessTables(Results results, List<String> proxies) {

    /** Empty if none was measured. */
    List<Table> tables() {
        List<LoadScenario> checks = LoadScenario.access().stream()
                .filter(results.scenarios()::contains)
                .toList();
        if (checks.isEmpty()) {
            return List.of();
        }
        List<Table> tables = new ArrayList<>();
        tables.add(table(
                "CPU of the proxy, µs a connection: connect, upgrade, one echo, close; 16 at once",
                checks,
                check -> values(check, Measurement.CPU)));
        tables.add(table("The same: times that of the same proxy without a check", checks, this::times));
        tables.add(
                table("99 of 100 such connections take at most, µs", checks, check -> values(check, Measurement.P99)));
        return tables;
    }

    private interface Values {
        Map<String, Double> of(LoadScenario check);
    }

    private Table table(String title, List<LoadScenario> checks, Values values) {
        return new Table(
                title,
                proxies,
                checks.stream()
                        .map(check -> new Table.Row(check.label() + ": " + check.description(), values.of(check)))
                        .toList(),
                false);
    }

    private Map<String, Double> values(LoadScenario check, String figure) {
        return results.medians(check, figure);
    }

    private Map<String, Double> times(LoadScenario check) {
        Map<String, Double> without = values(LoadScenario.ACCESS_NONE, Measurement.CPU);
        Map<String, Double> times = new LinkedHashMap<>();
        values(check, Measurement.CPU).forEach((proxy, value) -> {
            Double base = without.get(proxy);
            if (base != null) {
                times.put(proxy, value / base);
            }
        });
        return times;
    }
}
