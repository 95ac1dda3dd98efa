// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.bench.machine.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All results.
 *
 * @param notes remarks on the figures, one line each
 */
record ControlResults(Machine machine, List<Figure> figures, List<String> notes) {

    boolean missed() {
        return figures.stream().anyMatch(Figure::missed);
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", machine.processor());
        facts.put("cores", Integer.toString(machine.processors()));
        facts.put("memory", machine.memory() + " kB");
        facts.put("kernel", machine.kernel());
        facts.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        return facts;
    }

    void print(PrintWriter out) {
        out.println();
        facts().forEach((fact, value) -> out.println(fact + ": " + value));
        out.println();
        row(out, "part", "figure", "measured", "bar", "");
        for (Figure figure : figures) {
            Double bar = figure.bar();
            row(
                    out,
                    figure.part(),
                    figure.what(),
                    number(figure.value()) + " " + figure.unit(),
                    bar == null ? "" : "<= " + number(bar),
                    bar == null ? "" : figure.missed() ? "MISSED" : "met");
        }
        out.println();
        notes.forEach(out::println);
        out.flush();
    }

    private static void row(PrintWriter out, String part, String what, String measured, String bar, String verdict) {
        out.println(String.format(Locale.ROOT, "%-11s %-58s %14s  %-9s %s", part, what, measured, bar, verdict)
                .stripTrailing());
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    /** Writes everything as JSON. */
    void write(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode document = mapper.createObjectNode();
        ObjectNode on = document.putObject("machine");
        facts().forEach(on::put);
        var rows = document.putArray("figures");
        for (Figure figure : figures) {
            ObjectNode row = rows.addObject()
                    .put("part", figure.part())
                    .put("figure", figure.what())
                    .put("value", figure.value())
                    .put("unit", figure.unit());
            Double bar = figure.bar();
            if (bar != null) {
                row.put("atMost", bar).put("met", !figure.missed());
            }
        }
        var lines = document.putArray("notes");
        notes.forEach(lines::add);
        Files.writeString(file, mapper.writeValueAsString(document) + "\n");
    }
}
