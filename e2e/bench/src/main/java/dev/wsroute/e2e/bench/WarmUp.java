// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Runs scenarios through our proxy until the JIT compiler is idle, or as often as the plan allows. */
record WarmUp(Plan plan, LoadGenerator load, PrintWriter progress) {

    /** The compiler counts as idle below this share of the process's CPU time. */
    private static final double QUIET = 0.01;

    // After a single run, the rare paths at the end of a load are not compiled yet.
    private static final int QUIET_RUNS = 2;
    private static final Duration LONGEST_RUN = Duration.ofSeconds(3);

    /** For a proxy that has just been started. Every scenario begins with handshakes, and most have only a few. */
    void start(RunningProxy proxy) throws IOException, InterruptedException {
        if (Contender.WARMED_UP.contains(proxy.label())) {
            run(LoadScenario.CONNECT, proxy, plan.flags(LoadScenario.CONNECT));
        }
    }

    /** Before a scenario is measured. */
    void before(LoadScenario scenario, RunningProxy proxy, List<String> flags)
            throws IOException, InterruptedException {
        if (Contender.WARMED_UP.contains(proxy.label())) {
            if (!scenario.measuresRate() && !scenario.checksAccess()) {
                // With a load that leaves the proxy idle, compiling the same code would take minutes.
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
