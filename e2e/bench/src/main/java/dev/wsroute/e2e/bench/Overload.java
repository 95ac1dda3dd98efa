// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import dev.wsroute.e2e.bench.machine.CpuLimit;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Offers each proxy twice the handshakes that it can do, beside open WebSockets. In each round it measures what the proxy can do
 * with clients that wait for it, then the open WebSockets alone, then both in the storm.
 */
record Overload(
        Plan plan, ProxyStarter starter, LoadGenerator load, WarmUp warmUp, Results results, PrintWriter progress) {

    /** Longer than clients wait for an answer, so that those without one count as well. */
    static final Duration SETTLING = Duration.ofMillis(3500);

    private static final int STORMS_BEFORE = 2;

    private static final double TWICE = 2;

    /** The load generator offers less than this share of what it should if its core is the bottleneck. */
    private static final double KEPT_UP = 0.95;

    private static final List<String> AT_ONCE = List.of("--storm-at-once", "16");

    void measure() throws IOException, InterruptedException {
        List<RunningProxy> running = new ArrayList<>();
        try {
            for (Contender contender : plan.contenders()) {
                RunningProxy proxy = starter.start(contender);
                running.add(proxy);
                warmUp.start(proxy);
                warmUp.before(LoadScenario.OVERLOAD, proxy, flags(AT_ONCE));
                if (Contender.WARMED_UP.contains(proxy.label())) {
                    refuseFirst(proxy);
                }
            }
            for (int round = 1; round <= plan.rounds(); round++) {
                tell("%s, round %d of %d", LoadScenario.OVERLOAD.label(), round, plan.rounds());
                for (RunningProxy proxy : running) {
                    try {
                        results.add(LoadScenario.OVERLOAD, proxy.label(), measure(proxy));
                    } catch (LoadFailedException e) {
                        tell("FAILED, without figures: %s", e.sentence());
                    }
                }
            }
        } finally {
            running.forEach(RunningProxy::close);
        }
    }

    /** Until then it has refused nobody, so that code is not compiled. */
    private void refuseFirst(RunningProxy proxy) throws IOException, InterruptedException {
        try {
            for (int run = 1; run <= plan.warmUps() && run <= STORMS_BEFORE; run++) {
                measureNow(proxy);
            }
        } catch (LoadFailedException e) {
            tell("FAILED while warming up: %s", e.sentence());
        }
    }

    private Measurement measure(RunningProxy proxy) throws IOException, InterruptedException {
        if (plan.cpu() == 1) {
            return measureNow(proxy);
        }
        try (CpuLimit limit = CpuLimit.of(plan.cpu())) {
            limit.add(proxy.pid());
            try {
                return measureNow(proxy);
            } finally {
                limit.remove(proxy.pid());
            }
        }
    }

    private Measurement measureNow(RunningProxy proxy) throws IOException, InterruptedException {
        double capacity =
                figure(load.through(proxy, flags(AT_ONCE), plan.warmUp(), plan.measured()), Measurement.SERVED);
        double calm = figure(load.through(proxy, flags(List.of()), plan.warmUp(), plan.measured()), Measurement.P99);
        double wanted = TWICE * capacity;
        Measurement storm =
                load.through(proxy, flags(List.of("--storm", Double.toString(wanted))), SETTLING, plan.measured());
        double offered = figure(storm, Measurement.OFFERED);
        if (offered < KEPT_UP * wanted) {
            tell(
                    "%s through %s: the load generator could offer only %.1f times its capacity",
                    LoadScenario.OVERLOAD.label(), proxy.label(), offered / capacity);
        }
        return storm.with(Map.of(
                Measurement.CAPACITY,
                capacity,
                Measurement.REFUSED,
                figure(storm, Measurement.REFUSED) + figure(storm, Measurement.RESET),
                Measurement.CALM_P99,
                calm,
                Measurement.P99_RATIO,
                figure(storm, Measurement.P99) / calm));
    }

    /** The last flag of each name counts, so the number of WebSockets may be another one. */
    private List<String> flags(List<String> further) {
        List<String> flags = plan.flags(LoadScenario.OVERLOAD);
        flags.addAll(further);
        return flags;
    }

    private static double figure(Measurement measured, String name) {
        return measured.get(name).orElseThrow();
    }

    private void tell(String format, Object... values) {
        progress.printf(Locale.ROOT, format + "%n", values);
        progress.flush();
    }
}
