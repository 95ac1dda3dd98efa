// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An SVG of CPU per message as a multiple of the bare relay's, with a group of bars per scenario and a bar per proxy. */
final class Chart {

    private static final int LEFT = 90;
    private static final int BAR = 14;
    private static final int GROUP_GAP = 12;
    private static final int HEADER = 56;
    private static final int WIDTH = 720;
    private static final int PLOT = 560;
    private static final double LEAST_SCALE = 2;
    private static final Map<String, String> COLOURS =
            Map.of("relay", "#9a9a9a", "nginx", "#8fbf8f", "haproxy", "#c9a86a", "caddy", "#b48fbf");
    private static final String OWN_COLOUR = "#1f6feb";

    private final List<String> proxies;
    private final List<Group> groups = new ArrayList<>();

    private record Group(String label, Map<String, Double> values, double relay) {}

    /** A chart of the rows in which the bare relay has a value. Bars are in the order of {@code proxies}. */
    Chart(List<String> proxies, List<Table.Row> rows) {
        this.proxies = proxies.stream()
                .filter(proxy -> !proxy.equals(Contender.DIRECT))
                .toList();
        for (Table.Row row : rows) {
            Double relay = row.values().get(Contender.RELAY);
            if (relay != null && relay > 0) {
                groups.add(new Group(row.label().replaceFirst(":.*", ""), row.values(), relay));
            }
        }
    }

    String svg() {
        int group = proxies.size() * BAR + GROUP_GAP;
        int height = HEADER + groups.size() * group + GROUP_GAP;
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
                        + " font-size='11'>",
                WIDTH,
                height);
        append(svg, "<rect width='%d' height='%d' fill='#ffffff'/>", WIDTH, height);
        append(svg, "<text x='%d' y='20' font-size='14'>CPU per message, bare relay = 1</text>", LEFT);
        legend(svg);
        double scale = PLOT / Math.max(LEAST_SCALE, highest());
        for (int i = 0; i < groups.size(); i++) {
            bars(svg, groups.get(i), HEADER + i * group, scale);
        }
        double floor = LEFT + scale;
        append(
                svg,
                "<line x1='%.1f' y1='%d' x2='%.1f' y2='%d' stroke='#444' stroke-dasharray='3 3'/>",
                floor,
                HEADER - 4,
                floor,
                height - GROUP_GAP);
        return svg.append("</svg>\n").toString();
    }

    private void legend(StringBuilder svg) {
        int x = LEFT;
        for (String proxy : proxies) {
            append(svg, "<rect x='%d' y='32' width='10' height='10' fill='%s'/>", x, colour(proxy));
            append(svg, "<text x='%d' y='41'>%s</text>", x + 14, proxy);
            x += 90;
        }
    }

    private void bars(StringBuilder svg, Group group, int top, double scale) {
        append(
                svg,
                "<text x='%d' y='%d' text-anchor='end'>%s</text>",
                LEFT - 8,
                top + proxies.size() * BAR / 2 + 4,
                group.label());
        for (int i = 0; i < proxies.size(); i++) {
            Double value = group.values().get(proxies.get(i));
            if (value != null) {
                double ratio = value / group.relay();
                int y = top + i * BAR;
                append(
                        svg,
                        "<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>",
                        LEFT,
                        y,
                        ratio * scale,
                        BAR - 2,
                        colour(proxies.get(i)));
                append(svg, "<text x='%.1f' y='%d'>%.2f</text>", LEFT + ratio * scale + 4, y + BAR - 4, ratio);
            }
        }
    }

    private double highest() {
        return groups.stream()
                .flatMapToDouble(group -> proxies.stream()
                        .filter(proxy -> group.values().containsKey(proxy))
                        .mapToDouble(proxy -> group.values().getOrDefault(proxy, 0.0) / group.relay()))
                .max()
                .orElse(1);
    }

    private static String colour(String proxy) {
        return COLOURS.getOrDefault(proxy, OWN_COLOUR);
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
