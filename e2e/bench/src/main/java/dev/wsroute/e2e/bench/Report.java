// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The tables of a benchmark's results. */
final class Report {

    private static final double KILO = 1000;
    private static final double LEAST_SHOWN = 0.01;
    private static final String PACE = "200 connections, 64 B, 10 messages/s each";

    private final Results results;
    private final List<String> proxies;

    /** A report with these columns, in this order. */
    Report(Results results, List<String> proxies) {
        this.results = results;
        this.proxies = List.copyOf(proxies);
    }

    /** Those that have any row. */
    List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        add(tables, "CPU of the proxy, µs a message (connect: a connection)", cpu(), false);
        add(
                tables,
                "Messages a second (connect: connections)",
                rows(Measurement.RATE, LoadScenario::measuresRate),
                true);
        add(tables, "99 of 100 messages take at most, µs", rows(Measurement.P99, LoadScenario::measuresCpu), false);
        add(
                tables,
                "Context switches of the proxy, a message (connect: a connection)",
                measuredRows(Measurement.CONTEXT_SWITCHES),
                false);
        add(
                tables,
                "TCP segments of the proxy and its peers, a message (connect: a connection)",
                measuredRows(Measurement.SEGMENTS),
                false);
        add(
                tables,
                "System calls of the proxy, a message (connect: a connection)",
                measuredRows(Measurement.SYSTEM_CALLS),
                false);
        add(
                tables,
                "Bytes on the Java heap by the threads that carry messages, a message (connect: a connection)",
                measuredRows(Measurement.ALLOCATED),
                false);
        add(tables, "Latency at half load, µs from when the message was due", halfLoad(), false);
        add(tables, "While 50 endpoint changes a second arrive: " + PACE, churn(), false);
        add(tables, "Of these changes", changes(), true);
        add(tables, "Memory (PSS)", memory(), false);
        return tables;
    }

    List<Table.Row> cpu() {
        return rows(Measurement.CPU, LoadScenario::measuresCpu);
    }

    private void add(List<Table> tables, String title, List<Table.Row> rows, boolean moreIsBetter) {
        if (!rows.isEmpty()) {
            tables.add(new Table(title, proxies, rows, moreIsBetter));
        }
    }

    private List<Table.Row> rows(String figure, Predicate<LoadScenario> which) {
        return results.scenarios().stream()
                .filter(which)
                .map(scenario -> row(scenario.label() + ": " + scenario.description(), scenario, figure))
                .toList();
    }

    private List<Table.Row> measuredRows(String figure) {
        return rows(figure, LoadScenario::measuresCpu).stream()
                .filter(row -> !row.values().isEmpty())
                .toList();
    }

    /** Which system calls, and what is allocated where: a line for each scenario and proxy that was looked into. */
    List<String> insights() {
        List<String> lines = new ArrayList<>();
        insights(lines, Measurement.SYSTEM_CALL, "system calls, a message", "");
        insights(lines, Measurement.ALLOCATION_SITE, "allocated, a message", " B");
        return lines;
    }

    private void insights(List<String> lines, String prefix, String what, String unit) {
        for (LoadScenario scenario : results.scenarios()) {
            for (String proxy : results.proxies()) {
                Map<String, Double> figures =
                        Measurement.medianOf(results.runs(scenario, proxy)).figures();
                String parts = figures.entrySet().stream()
                        .filter(figure -> figure.getKey().startsWith(prefix) && figure.getValue() >= LEAST_SHOWN)
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .map(figure -> figure.getKey().substring(prefix.length()) + " "
                                + Table.number(figure.getValue()) + unit)
                        .collect(Collectors.joining(", "));
                if (!parts.isEmpty()) {
                    lines.add(scenario.label() + " through " + proxy + ": " + what + ": " + parts);
                }
            }
        }
    }

    private List<Table.Row> halfLoad() {
        return results.scenarios().contains(LoadScenario.HALF_LOAD)
                ? List.of(
                        row("p50", LoadScenario.HALF_LOAD, Measurement.P50),
                        row("p99", LoadScenario.HALF_LOAD, Measurement.P99),
                        row("p99.9", LoadScenario.HALF_LOAD, Measurement.P999))
                : List.of();
    }

    private List<Table.Row> churn() {
        return results.scenarios().contains(LoadScenario.CHURN)
                ? List.of(
                        row("CPU of all its processes, ms a second", LoadScenario.CHURN, Measurement.CPU_LOAD),
                        row("99 of 100 messages take at most, µs", LoadScenario.CHURN, Measurement.P99),
                        row("connections cut, a second", LoadScenario.CHURN, Measurement.CUTS_RATE),
                        row("messages lost, of 100", LoadScenario.CHURN, Measurement.LOST_SHARE))
                : List.of();
    }

    private List<Table.Row> changes() {
        return results.scenarios().contains(LoadScenario.CHURN)
                ? List.of(
                        row("made, a second", LoadScenario.CHURN, Measurement.CHANGES_MADE),
                        row("taken, a second", LoadScenario.CHURN, Measurement.CHANGES_TAKEN))
                : List.of();
    }

    private List<Table.Row> memory() {
        if (!results.scenarios().contains(LoadScenario.IDLE)) {
            return List.of();
        }
        Map<String, Double> megabytes = results.medians(LoadScenario.IDLE, Measurement.MEMORY_AT_START);
        megabytes.replaceAll((proxy, kilobytes) -> kilobytes / KILO);
        return List.of(
                new Table.Row("at start, MB", megabytes),
                row("an idle connection of 5,000, kB", LoadScenario.IDLE, Measurement.MEMORY_PER_CONNECTION));
    }

    private Table.Row row(String label, LoadScenario scenario, String figure) {
        return new Table.Row(label, results.medians(scenario, figure));
    }
}
