// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One figure in plain text: one row per scenario, one column per proxy, then the ratios of our proxy.
 *
 * @param moreIsBetter whether a higher value is better
 */
record Table(String title, List<String> proxies, List<Row> rows, boolean moreIsBetter) {

    private static final String MISSING = "-";

    /** The values of one row by proxy. */
    record Row(String label, Map<String, Double> values) {}

    Table {
        proxies = List.copyOf(proxies);
        rows = List.copyOf(rows);
    }

    /** Its lines, with aligned columns. */
    List<String> lines() {
        List<List<String>> cells = new ArrayList<>();
        cells.add(header());
        rows.forEach(row -> cells.add(cells(row)));
        List<String> lines = new ArrayList<>(List.of(title));
        for (List<String> row : cells) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int width = width(cells, column);
                line.append(column == 0 ? "" : "  ")
                        .append(String.format(column == 0 ? "%-" + width + "s" : "%" + width + "s", row.get(column)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private List<String> header() {
        List<String> header = new ArrayList<>(List.of(""));
        header.addAll(proxies);
        header.addAll(List.of("ours/" + Ratios.floor(proxies), "ours/best"));
        return header;
    }

    private List<String> cells(Row row) {
        List<String> cells = new ArrayList<>(List.of(row.label()));
        for (String proxy : proxies) {
            Double value = row.values().get(proxy);
            cells.add(value == null ? MISSING : number(value));
        }
        Ratios ratios = Ratios.of(row.values(), moreIsBetter);
        cells.add(ratio(ratios.toFloor()));
        cells.add(ratio(ratios.toBestPeer()));
        return cells;
    }

    private static int width(List<List<String>> cells, int column) {
        return cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    /** Rounds to about three significant digits. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : MISSING;
    }
}
