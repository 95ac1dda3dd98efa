// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** The runs of each scenario through each proxy, in the order of their addition. */
final class Results {

    private final Map<LoadScenario, Map<String, List<Measurement>>> runs = new EnumMap<>(LoadScenario.class);

    void add(LoadScenario scenario, String proxy, Measurement measurement) {
        runs.computeIfAbsent(scenario, any -> new LinkedHashMap<>())
                .computeIfAbsent(proxy, any -> new ArrayList<>())
                .add(measurement);
    }

    Set<LoadScenario> scenarios() {
        return runs.keySet();
    }

    /** Every proxy that was measured in any scenario. */
    Set<String> proxies() {
        Set<String> proxies = new LinkedHashSet<>();
        runs.values().forEach(each -> proxies.addAll(each.keySet()));
        return proxies;
    }

    List<Measurement> runs(LoadScenario scenario, String proxy) {
        return runs.getOrDefault(scenario, Map.of()).getOrDefault(proxy, List.of());
    }

    /** The median over the rounds; empty if it was not measured. */
    OptionalDouble median(LoadScenario scenario, String proxy, String figure) {
        List<Measurement> measured = runs(scenario, proxy);
        return measured.isEmpty()
                ? OptionalDouble.empty()
                : Measurement.medianOf(measured).get(figure);
    }

    /** The medians of one figure by proxy, without those that do not have it. */
    Map<String, Double> medians(LoadScenario scenario, String figure) {
        Map<String, Double> medians = new LinkedHashMap<>();
        Collection<String> measured = runs.getOrDefault(scenario, Map.of()).keySet();
        for (String proxy : measured) {
            median(scenario, proxy, figure).ifPresent(value -> medians.put(proxy, value));
        }
        return medians;
    }
}
