// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where this proxy takes more CPU than an older one measured in the same rounds. Ratios to other proxies would not show
 * that, since they differ between machines by more than a regression.
 */
final class Regressions {

    /** CPU per message may grow by this share before it counts as a regression. */
    static final double TOLERANCE = 0.15;

    private Regressions() {}

    /** What to tell about a benchmark with an older proxy; nothing about one without. */
    static List<String> warnings(Results results) {
        if (!results.proxies().contains(Contender.BEFORE)) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of(""));
        List<String> found = in(results);
        found.forEach(regression -> lines.add("WARNING: " + regression));
        lines.add(
                found.isEmpty()
                        ? "No scenario takes 15 % more CPU than before."
                        : "WARNING: this proxy got slower, or the machine is busy: run it again.");
        return lines;
    }

    /** A sentence for each scenario whose CPU time grew by more than {@link #TOLERANCE}. */
    static List<String> in(Results results) {
        List<String> found = new ArrayList<>();
        for (LoadScenario scenario : results.scenarios()) {
            Map<String, Double> cpu = results.medians(scenario, Measurement.CPU);
            Double before = cpu.get(Contender.BEFORE);
            Double now = cpu.get(Contender.OURS);
            if (before != null && now != null && now > before * (1 + TOLERANCE)) {
                found.add(String.format(
                        Locale.ROOT,
                        "%s: CPU per message is %.3g µs, %.2f times what it was before (%.3g µs)",
                        scenario.label(),
                        now,
                        now / before,
                        before));
            }
        }
        return found;
    }
}
