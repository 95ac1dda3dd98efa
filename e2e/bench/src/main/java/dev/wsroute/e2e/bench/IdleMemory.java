// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Memory of a proxy that has just started, and of each of many idle connections: the growth from a fifth of them to all, so
 * that the code which a proxy loads and compiles for its first connections does not count.
 *
 * <p>Both are measured at rest: after five seconds the proxy has returned what compilers and TLS handshakes used.
 */
final class IdleMemory {

    private static final int FIFTH = 5;
    private static final Duration AT_REST = Duration.ofSeconds(7);

    private IdleMemory() {}

    /** Measures a proxy that has not been used yet. */
    static Measurement of(RunningProxy proxy, LoadGenerator load, Plan plan) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(AT_REST.toSeconds());
        double atStart = proxy.proportionalMemory();
        int all = plan.connections(LoadScenario.IDLE);
        int few = Math.max(1, all / FIFTH);
        double withFew = load.memoryWithIdleConnections(proxy, flags(plan, few), AT_REST);
        double withAll = load.memoryWithIdleConnections(proxy, flags(plan, all), AT_REST);
        return new Measurement(Map.of(
                Measurement.MEMORY_AT_START,
                atStart,
                Measurement.MEMORY_PER_CONNECTION,
                (withAll - withFew) / Math.max(1, all - few)));
    }

    private static List<String> flags(Plan plan, int connections) {
        List<String> flags = new ArrayList<>(plan.flags(LoadScenario.IDLE));
        flags.addAll(List.of("--connections", Integer.toString(connections)));
        return flags;
    }
}
