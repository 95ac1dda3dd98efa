// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import dev.wsroute.e2e.bench.machine.Cores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures scenarios through proxies in interleaved rounds, so that disturbances affect all of them. */
final class Benchmark {

    private static final double HALF = 0.5;

    private final Plan plan;
    private final Cores cores;
    private final NativePrograms programs;
    private final int sparePort;
    private final LoadGenerator load;
    private final ProxyStarter starter;
    private final PrintWriter progress;
    private final WarmUp warmUp;
    private final Results results = new Results();
    private final List<RunningProxy> running = new ArrayList<>();

    /**
     * A benchmark that keeps the proxies' files in a folder and reports its progress.
     *
     * @param identities certificates that the proxies present; empty: without TLS
     */
    Benchmark(
            Plan plan,
            Processes processes,
            Cores cores,
            NativePrograms programs,
            Path folder,
            List<Identity> identities,
            PrintWriter progress)
            throws IOException {
        this.plan = plan;
        this.cores = cores;
        this.programs = programs;
        int backendPort = RunningProxy.freePort();
        this.sparePort = RunningProxy.freePort();
        this.load = new LoadGenerator(programs.load(), processes, cores.rest(), backendPort, sparePort);
        this.starter = new ProxyStarter(processes, cores.measured(), folder, identities, backendPort);
        this.progress = progress;
        this.warmUp = new WarmUp(plan, load, progress);
    }

    Results run() throws IOException, InterruptedException {
        try {
            measureFresh();
            if (plan.scenarios().stream().anyMatch(LoadScenario::sharesProxies)) {
                measureShared();
            }
        } finally {
            running.forEach(RunningProxy::close);
        }
        if (plan.scenarios().contains(LoadScenario.CHURN)) {
            measureChurn();
        }
        return results;
    }

    private void measureFresh() throws IOException, InterruptedException {
        FreshProxies fresh = new FreshProxies(plan, starter, load, results, progress);
        if (plan.scenarios().contains(LoadScenario.IDLE)) {
            fresh.measureMemory();
        }
        if (plan.scenarios().contains(LoadScenario.OVERLOAD)) {
            new Overload(plan, starter, load, warmUp, results, progress).measure();
        }
        if (!plan.accessChecks().isEmpty()) {
            measureAccess();
        }
        if (plan.scenarios().contains(LoadScenario.COLD)) {
            fresh.measureFirstLoad();
        }
        if (plan.scenarios().contains(LoadScenario.CERTIFICATES)) {
            fresh.measureCertificates(programs.certificates(), cores, sparePort);
        }
    }

    private void measureAccess() throws IOException, InterruptedException {
        try (AccessWork work = new AccessWork(
                starter.folder(), starter.processes(), cores.rest(), programs.authorizer(), plan.accessChecks())) {
            new Access(plan, starter, load, warmUp, results, progress, work).measure();
        }
    }

    private void measureShared() throws IOException, InterruptedException {
        for (Contender contender : plan.contenders()) {
            RunningProxy proxy = starter.start(contender);
            running.add(proxy);
            warmUp.start(proxy);
        }
        for (LoadScenario scenario : plan.scenarios()) {
            if (scenario.sharesProxies()) {
                measure(scenario);
            }
        }
    }

    private void measure(LoadScenario scenario) throws IOException, InterruptedException {
        List<String> flags = flags(scenario);
        for (RunningProxy proxy : running) {
            warmUp.before(scenario, proxy, flags);
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            tell("%s, round %d of %d", scenario.label(), round, plan.rounds());
            for (RunningProxy proxy : order(round)) {
                try {
                    results.add(scenario, proxy.label(), load.through(proxy, flags, plan.warmUp(), plan.measured()));
                } catch (LoadFailedException e) {
                    tell("FAILED, without figures: %s", e.sentence());
                }
            }
            if (plan.direct()) {
                results.add(scenario, Contender.DIRECT, load.direct(flags, plan.warmUp(), plan.measured()));
            }
        }
        if (scenario.measuresCpu()) {
            look(scenario, flags);
        }
    }

    /** Reverses the order in every second round, since a run may depend on the previous one. */
    private List<RunningProxy> order(int round) {
        List<RunningProxy> order = new ArrayList<>(running);
        if (round % 2 == 0) {
            Collections.reverse(order);
        }
        return order;
    }

    private void look(LoadScenario scenario, List<String> flags) throws IOException, InterruptedException {
        for (Probe probe : plan.probes()) {
            for (RunningProxy proxy : running) {
                if (probe.looksInto(proxy)) {
                    try {
                        results.add(
                                scenario,
                                proxy.label(),
                                load.through(proxy, flags, plan.warmUp(), plan.measured(), probe.into(proxy)));
                    } catch (NotMeasuredException e) {
                        tell("%s through %s: not measured: %s", scenario.label(), proxy.label(), e.reason());
                    } catch (LoadFailedException e) {
                        tell("FAILED, without figures: %s", e.sentence());
                    }
                }
            }
        }
    }

    /** Runs on proxies whose endpoints can change, which excludes the relay. */
    private void measureChurn() throws IOException, InterruptedException {
        Map<Churned, RunningProxy> churned = new LinkedHashMap<>();
        // Keeps the program that makes the changes off the proxies' core.
        cores.leaveMeasuredCore();
        try {
            for (Contender contender : plan.contenders()) {
                Optional<Churned> changeable = contender.churned(sparePort);
                if (changeable.isPresent()) {
                    RunningProxy proxy = starter.start(changeable.get());
                    churned.put(changeable.get(), proxy);
                    warmUp.start(proxy);
                }
            }
            for (Map.Entry<Churned, RunningProxy> each : churned.entrySet()) {
                warmUp.before(LoadScenario.CHURN, each.getValue(), plan.flags(LoadScenario.CHURN));
            }
            for (int round = 1; round <= plan.rounds(); round++) {
                tell("%s, round %d of %d", LoadScenario.CHURN.label(), round, plan.rounds());
                for (Map.Entry<Churned, RunningProxy> each : churned.entrySet()) {
                    measureChurn(each.getKey(), each.getValue());
                }
            }
        } finally {
            churned.values().forEach(RunningProxy::close);
            cores.useAll();
        }
    }

    private void measureChurn(Churned how, RunningProxy proxy) throws IOException, InterruptedException {
        try {
            results.add(
                    LoadScenario.CHURN,
                    proxy.label(),
                    load.through(
                            proxy,
                            plan.flags(LoadScenario.CHURN),
                            plan.warmUp(),
                            plan.measured(),
                            new EndpointChurn(proxy, how)));
        } catch (LoadFailedException e) {
            tell("FAILED, without figures: %s", e.sentence());
        }
    }

    private List<String> flags(LoadScenario scenario) throws IOException, InterruptedException {
        List<String> flags = plan.flags(scenario);
        if (scenario == LoadScenario.HALF_LOAD) {
            double rate = HALF * slowestEcho() / plan.connections(scenario);
            tell("%s: %.1f messages/s on each of %d connections", scenario.label(), rate, plan.connections(scenario));
            flags.addAll(List.of("--rate", Double.toString(rate)));
        }
        return flags;
    }

    /** Messages per second of the slowest proxy in {@link LoadScenario#ECHO}, which is measured now if it was not selected. */
    private double slowestEcho() throws IOException, InterruptedException {
        double slowest = Double.MAX_VALUE;
        for (RunningProxy proxy : running) {
            double rate = results.median(LoadScenario.ECHO, proxy.label(), Measurement.RATE)
                    .orElse(0);
            if (rate == 0) {
                rate = load.through(proxy, plan.flags(LoadScenario.ECHO), plan.warmUp(), plan.measured())
                        .get(Measurement.RATE)
                        .orElseThrow();
            }
            slowest = Math.min(slowest, rate);
        }
        return slowest;
    }

    private void tell(String format, Object... values) {
        progress.printf(format + "%n", values);
        progress.flush();
    }
}
