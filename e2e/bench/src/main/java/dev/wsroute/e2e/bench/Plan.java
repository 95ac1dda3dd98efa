// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The plan of a benchmark.
 *
 * @param measured the measured time of each run, after a warm-up of a fifth of it
 * @param warmUps maximum number of runs to warm up our proxy in a scenario
 * @param connections overrides the scenarios' own numbers
 * @param certificates of a listener in {@link LoadScenario#CERTIFICATES}
 * @param cpu share of a core that each proxy has in {@link LoadScenario#OVERLOAD}
 * @param probes that inspect the proxies afterwards, once per scenario
 */
record Plan(
        List<LoadScenario> scenarios,
        List<Contender> contenders,
        boolean direct,
        int rounds,
        Duration measured,
        int warmUps,
        OptionalInt connections,
        int certificates,
        double cpu,
        List<Probe> probes) {

    Duration warmUp() {
        return measured.dividedBy(5);
    }

    /** Those of the scenarios that check who connects. */
    List<LoadScenario> accessChecks() {
        return scenarios.stream().filter(LoadScenario::checksAccess).toList();
    }

    int connections(LoadScenario scenario) {
        return connections.orElse(scenario.connections());
    }

    /** The load generator's flags. The last one of each name counts. */
    List<String> flags(LoadScenario scenario) {
        List<String> flags = new ArrayList<>(scenario.flags());
        flags.addAll(List.of("--connections", Integer.toString(connections(scenario))));
        return flags;
    }
}
