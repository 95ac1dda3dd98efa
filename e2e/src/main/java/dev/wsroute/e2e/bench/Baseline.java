package dev.wsroute.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How this proxy's CPU per message compared with others' when that was last looked at: ratios, since absolute times tell
 * of the machine.
 *
 * @param ratios by scenario, then by {@code relay} and {@code bestPeer}
 */
record Baseline(Map<String, Map<String, Double>> ratios) {

    /** A ratio may grow by this share before it counts as a regression. */
    static final double TOLERANCE = 0.15;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static Baseline read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Baseline.class);
    }

    /** The ratios of a run, in thousandths. */
    static Baseline of(Results results) {
        Map<String, Map<String, Double>> ratios = new TreeMap<>();
        for (Scenario scenario : results.scenarios()) {
            if (scenario.measuresCpu()) {
                Ratios compared = Ratios.of(results.medians(scenario, Measurement.CPU), false);
                Map<String, Double> named = new TreeMap<>();
                put(named, Contender.RELAY, compared.toRelay());
                put(named, "bestPeer", compared.toBestPeer());
                ratios.put(scenario.label(), named);
            }
        }
        return new Baseline(ratios);
    }

    void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }

    /** A sentence for each ratio of a run that is more than {@link #TOLERANCE} above this; none if all is well. */
    List<String> regressions(Baseline now) {
        List<String> found = new ArrayList<>();
        ratios.forEach((scenario, named) -> named.forEach((other, before) -> {
            Double measured = now.ratios.getOrDefault(scenario, Map.of()).get(other);
            if (measured != null && measured > before * (1 + TOLERANCE)) {
                found.add(String.format(
                        Locale.ROOT,
                        "%s: CPU per message is %.2f times that of the %s; the baseline has %.2f",
                        scenario,
                        measured,
                        other.equals(Contender.RELAY) ? "bare relay" : "best peer",
                        before));
            }
        }));
        return found;
    }

    private static void put(Map<String, Double> ratios, String name, OptionalDouble ratio) {
        ratio.ifPresent(value -> ratios.put(name, Math.round(value * 1000) / 1000.0));
    }
}
