// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A benchmark's results as JSON: medians and every run. */
final class ResultFile {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private ResultFile() {}

    /**
     * Writes {@code about}, then {@code scenarios.NAME.PROXY.median} and {@code .runs}.
     *
     * @param about what makes the figures comparable, such as machine and versions
     */
    static void write(Path file, Map<String, String> about, Results results) throws IOException {
        Map<String, Object> scenarios = new LinkedHashMap<>();
        for (LoadScenario scenario : results.scenarios()) {
            Map<String, Object> proxies = new LinkedHashMap<>();
            for (String proxy : results.proxies()) {
                List<Measurement> runs = results.runs(scenario, proxy);
                if (!runs.isEmpty()) {
                    proxies.put(
                            proxy,
                            Map.of(
                                    "median",
                                    Measurement.medianOf(runs).figures(),
                                    "runs",
                                    runs.stream().map(Measurement::figures).toList()));
                }
            }
            scenarios.put(scenario.label(), proxies);
        }
        JSON.writeValue(file.toFile(), Map.of("about", about, "scenarios", scenarios));
    }
}
