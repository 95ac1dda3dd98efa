// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Runs scenarios through ours until the JIT compiler has nothing more to do, or as often as the plan allows. */
record WarmUp(Plan plan, LoadGenerator load, PrintWriter progress) {

    /** The compiler is quiet when it takes less than this share of the process's CPU time. */
    private static final double QUIET = 0.01;

    // After one, the rare paths of a load's end are still to be compiled.
    private static final int QUIET_RUNS = 2;
    private static final Duration LONGEST_RUN = Duration.ofSeconds(3);

    /** For one that has just been started. Runs of any scenario begin with handshakes, and of most with few of them. */
    void start(RunningProxy proxy) throws IOException, InterruptedException {
        if (Contender.WARMED_UP.contains(proxy.label())) {
            run(LoadScenario.CONNECT, proxy, plan.flags(LoadScenario.CONNECT));
        }
    }

    /** Before a scenario is measured. */
    void before(LoadScenario scenario, RunningProxy proxy, List<String> flags)
            throws IOException, InterruptedException {
        if (Contender.WARMED_UP.contains(proxy.label())) {
            if (!scenario.measuresRate()) {
                // A load that leaves the proxy idle would take minutes to have the same code compiled.
                run(LoadScenario.ECHO, proxy, plan.flags(LoadScenario.ECHO));
            }
            run(scenario, proxy, flags);
        }
    }

    private void run(LoadScenario scenario, RunningProxy proxy, List<String> flags)
            throws IOException, InterruptedException {
        Duration twice = plan.measured().multipliedBy(2);
        Duration length = twice.compareTo(LONGEST_RUN) < 0 ? twice : LONGEST_RUN;
        int quiet = 0;
        for (int run = 1; run <= plan.warmUps() && quiet < QUIET_RUNS; run++) {
            CompilerThreads before = CompilerThreads.of(proxy.pid());
            double cpu;
            try {
                cpu = load.through(proxy, flags, plan.warmUp(), length)
                        .get(Measurement.CPU)
                        .orElseThrow();
            } catch (LoadFailedException e) {
                tell("FAILED while warming up: %s", e.sentence());
                return;
            }
            double compiling = CompilerThreads.of(proxy.pid()).shareSince(before);
            tell(
                    "%s, warming up %s: %.3f µs CPU, %.0f %% of it compiling",
                    scenario.label(), proxy.label(), cpu, 100 * compiling);
            quiet = compiling < QUIET ? quiet + 1 : 0;
        }
        if (quiet < QUIET_RUNS) {
            tell("%s: %s was still compiling after %d runs", scenario.label(), proxy.label(), plan.warmUps());
        }
    }

    private void tell(String format, Object... values) {
        progress.printf(format + "%n", values);
        progress.flush();
    }
}
