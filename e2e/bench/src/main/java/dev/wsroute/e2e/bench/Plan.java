// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is measured.
 *
 * @param measured how long each run counts, after a warm-up of a fifth of that
 * @param warmUps runs that ours may take to warm up in a scenario, at most
 * @param connections instead of the scenarios' own numbers
 * @param certificates of a listener in {@link LoadScenario#CERTIFICATES}
 * @param probes that look into the proxies afterwards, once a scenario
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
        List<Probe> probes) {

    Duration warmUp() {
        return measured.dividedBy(5);
    }

    int connections(LoadScenario scenario) {
        return connections.orElse(scenario.connections());
    }

    /** The load generator's flags, of which the last of the same name counts. */
    List<String> flags(LoadScenario scenario) {
        List<String> flags = new ArrayList<>(scenario.flags());
        flags.addAll(List.of("--connections", Integer.toString(connections(scenario))));
        return flags;
    }
}
