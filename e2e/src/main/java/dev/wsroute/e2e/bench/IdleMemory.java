package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.util.Map;

/** Memory of a proxy that has just started, and what each of many idle connections adds. */
final class IdleMemory {

    private IdleMemory() {}

    /** Measures one that has not been used yet. */
    static Measurement of(RunningProxy proxy, LoadGenerator load, Benchmark.Plan plan)
            throws IOException, InterruptedException {
        double atStart = proxy.proportionalMemory();
        double withConnections = load.memoryWithIdleConnections(proxy, plan.flags(Scenario.IDLE));
        return new Measurement(Map.of(
                Measurement.MEMORY_AT_START,
                atStart,
                Measurement.MEMORY_PER_CONNECTION,
                (withConnections - atStart) / plan.connections(Scenario.IDLE)));
    }
}
