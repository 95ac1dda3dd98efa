package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.util.Map;

/** Memory of a proxy that has just started, and what each of many idle connections adds. */
final class IdleMemory {

    private IdleMemory() {}

    /** Measures one that has not been used yet. */
    static Measurement of(RunningProxy proxy, LoadGenerator load) throws IOException, InterruptedException {
        Scenario idle = Scenario.IDLE;
        double atStart = proxy.proportionalMemory();
        double withConnections = load.memoryWithIdleConnections(proxy, idle.flags());
        return new Measurement(Map.of(
                Measurement.MEMORY_AT_START,
                atStart,
                Measurement.MEMORY_PER_CONNECTION,
                (withConnections - atStart) / idle.connections()));
    }
}
