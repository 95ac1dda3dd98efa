package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Runs a scenario until the JIT compiler has nothing more to gain, or as often as the plan allows. */
record WarmUp(Benchmark.Plan plan, LoadGenerator load, PrintWriter progress) {

    /** Warming up ends once CPU per message has not fallen by this share in two runs. */
    private static final double STEADY = 0.03;

    // One alone may have met a busy machine.
    private static final int STEADY_RUNS = 2;
    private static final Duration LONGEST_WARM_UP_RUN = Duration.ofSeconds(3);

    void run(Scenario scenario, RunningProxy proxy, List<String> flags) throws IOException, InterruptedException {
        Duration twice = plan.measured().multipliedBy(2);
        Duration length = twice.compareTo(LONGEST_WARM_UP_RUN) < 0 ? twice : LONGEST_WARM_UP_RUN;
        double best = Double.MAX_VALUE;
        int steady = 0;
        for (int run = 1; run <= plan.warmUps() && steady < STEADY_RUNS; run++) {
            double cpu;
            try {
                cpu = load.through(proxy, flags, plan.warmUp(), length)
                        .get(Measurement.CPU)
                        .orElseThrow();
            } catch (LoadFailedException e) {
                tell("FAILED while warming up: %s", e.sentence());
                return;
            }
            tell("%s, warming up %s: %.3f µs CPU", scenario.label(), proxy.label(), cpu);
            steady = cpu > best * (1 - STEADY) ? steady + 1 : 0;
            best = Math.min(best, cpu);
        }
    }

    private void tell(String format, Object... values) {
        progress.printf(format + "%n", values);
        progress.flush();
    }
}
