// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of a benchmark's results. */
final class Report {

    private static final double KILO = 1000;
    private static final double BUSY = 0.95;
    private static final double LEAST_SHOWN = 0.01;
    private static final String PACE = "200 connections, 64 B, 10 messages/s each";

    private final Results results;
    private final List<String> proxies;

    /** A report with these columns in this order. */
    Report(Results results, List<String> proxies) {
        this.results = results;
        this.proxies = List.copyOf(proxies);
    }

    /** The tables that have rows. */
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
        add(tables, "In a storm of handshakes, a second", storm(), true);
        add(tables, "The same storm: times", stormTimes(), false);
        tables.addAll(new AccessTables(results, proxies).tables());
        add(
                tables,
                "The first two seconds of a new proxy: connect, upgrade, one echo, close; 16 at once",
                cold(),
                false);
        add(
                tables,
                "Many certificates on one listener (10,000, if --certificates is not given)",
                certificates(),
                false);
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
                .map(scenario -> row(new Line(scenario.label() + ": " + scenario.description(), figure), scenario))
                .toList();
    }

    private List<Table.Row> measuredRows(String figure) {
        return rows(figure, LoadScenario::measuresCpu).stream()
                .filter(row -> !row.values().isEmpty())
                .toList();
    }

    /** System calls and allocations: one line for each scenario and proxy that was probed. */
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

    /** A sentence for each scenario and proxy in which the load generator's core was fully used. */
    List<String> bottlenecks() {
        List<String> lines = new ArrayList<>();
        for (LoadScenario scenario : results.scenarios()) {
            results.medians(scenario, Measurement.OWN_CPU).forEach((proxy, share) -> {
                if (scenario.measuresRate() && share > BUSY && !proxy.equals(Contender.DIRECT)) {
                    lines.add(scenario.label() + " through " + proxy + ": the load generator was the bottleneck");
                }
            });
        }
        return lines;
    }

    private List<Table.Row> halfLoad() {
        return rows(
                LoadScenario.HALF_LOAD,
                new Line("p50", Measurement.P50),
                new Line("p99", Measurement.P99),
                new Line("p99.9", Measurement.P999));
    }

    private List<Table.Row> churn() {
        return rows(
                LoadScenario.CHURN,
                new Line("CPU of all its processes, ms a second", Measurement.CPU_LOAD),
                new Line("99 of 100 messages take at most, µs", Measurement.P99),
                new Line("connections cut, a second", Measurement.CUTS_RATE),
                new Line("messages lost, of 100", Measurement.LOST_SHARE));
    }

    private List<Table.Row> changes() {
        return rows(
                LoadScenario.CHURN,
                new Line("made, a second", Measurement.CHANGES_MADE),
                new Line("taken, a second", Measurement.CHANGES_TAKEN));
    }

    private List<Table.Row> storm() {
        return rows(
                LoadScenario.OVERLOAD,
                new Line("that it can do", Measurement.CAPACITY),
                new Line("offered", Measurement.OFFERED),
                new Line("served", Measurement.SERVED),
                new Line("refused", Measurement.REFUSED),
                new Line("without an answer for two seconds", Measurement.UNANSWERED));
    }

    private List<Table.Row> stormTimes() {
        return rows(
                LoadScenario.OVERLOAD,
                new Line("half of the refusals take at most, ms", Measurement.REFUSED_P50),
                new Line("99 of 100 refusals, ms", Measurement.REFUSED_P99),
                new Line("half of the handshakes served, ms", Measurement.SERVED_P50),
                new Line("99 of 100 handshakes served, ms", Measurement.SERVED_P99),
                new Line("99 of 100 messages of open WebSockets, µs", Measurement.P99),
                new Line("the same without the storm, µs", Measurement.CALM_P99),
                new Line("times as long in the storm", Measurement.P99_RATIO),
                new Line("of messages that pass no proxy, in the storm, µs", Measurement.DIRECT_P99));
    }

    private List<Table.Row> memory() {
        return rows(
                LoadScenario.IDLE,
                new Line("at start, MB", Measurement.MEMORY_AT_START, KILO),
                new Line("an idle connection of 5,000, kB", Measurement.MEMORY_PER_CONNECTION));
    }

    private List<Table.Row> cold() {
        return rows(
                LoadScenario.COLD,
                new Line("until it takes connections, s", Measurement.START, KILO),
                new Line("connections a second (more is better)", Measurement.RATE),
                new Line("CPU a connection, µs", Measurement.CPU),
                new Line("99 of 100 connections take at most, µs", Measurement.P99));
    }

    private List<Table.Row> certificates() {
        return rows(
                LoadScenario.CERTIFICATES,
                new Line("until the last is presented, s", Measurement.START, KILO),
                new Line("memory then, MB", Measurement.MEMORY_AT_START, KILO),
                new Line("memory once each was presented, MB", Measurement.MEMORY_IN_USE, KILO),
                new Line("until a renewed one is presented, ms", Measurement.RENEWAL),
                new Line("memory then, MB", Measurement.MEMORY_RENEWED, KILO));
    }

    /** Empty unless the scenario was measured. */
    private List<Table.Row> rows(LoadScenario scenario, Line... lines) {
        return results.scenarios().contains(scenario)
                ? Stream.of(lines).map(line -> row(line, scenario)).toList()
                : List.of();
    }

    private Table.Row row(Line line, LoadScenario scenario) {
        Map<String, Double> values = results.medians(scenario, line.figure());
        values.replaceAll((proxy, value) -> value / line.unit());
        return new Table.Row(line.label(), values);
    }

    /** A row for one figure in this unit. */
    private record Line(String label, String figure, double unit) {

        Line(String label, String figure) {
            this(label, figure, 1);
        }
    }
}
