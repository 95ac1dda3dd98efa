// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import dev.wsroute.e2e.bench.machine.Cores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures new proxies: each run starts one, in interleaved rounds. */
record FreshProxies(Plan plan, ProxyStarter starter, LoadGenerator load, Results results, PrintWriter progress) {

    /** Duration of the first load of a new proxy. */
    static final Duration FIRST = Duration.ofSeconds(2);

    private interface Run {
        /** Empty if the contender cannot be measured. */
        Optional<Measurement> of(Contender contender) throws IOException, InterruptedException;
    }

    void measureMemory() throws IOException, InterruptedException {
        measure(LoadScenario.IDLE, contender -> {
            try (RunningProxy proxy = starter.start(contender)) {
                return Optional.of(IdleMemory.of(proxy, load, plan));
            }
        });
    }

    void measureFirstLoad() throws IOException, InterruptedException {
        measure(LoadScenario.COLD, contender -> {
            try (RunningProxy proxy = starter.start(contender)) {
                return Optional.of(load.through(proxy, plan.flags(LoadScenario.COLD), Duration.ZERO, FIRST)
                        .with(Map.of(Measurement.START, proxy.startMillis())));
            }
        });
    }

    void measureCertificates(Path program, Cores cores, int sparePort) throws IOException, InterruptedException {
        Path folder = starter.folder().resolve("tls");
        // Keeps the program that requests certificates off the proxies' core.
        cores.leaveMeasuredCore();
        try {
            measure(LoadScenario.CERTIFICATES, contender -> {
                Optional<Churned> renewable = contender.canTls() ? contender.churned(sparePort) : Optional.empty();
                if (renewable.isEmpty()) {
                    return Optional.empty();
                }
                List<Identity> identities = Identity.make(program, folder, plan.certificates());
                Identity renewed = Identity.make(program, starter.folder().resolve("renewed"), 1)
                        .get(0);
                return Optional.of(new ManyCertificates(starter, identities, renewed).of(renewable.get()));
            });
        } finally {
            cores.useAll();
        }
    }

    private void measure(LoadScenario scenario, Run run) throws IOException, InterruptedException {
        for (int round = 1; round <= plan.rounds(); round++) {
            progress.printf("%s, round %d of %d%n", scenario.label(), round, plan.rounds());
            progress.flush();
            for (Contender contender : plan.contenders()) {
                try {
                    run.of(contender).ifPresent(measured -> results.add(scenario, contender.label(), measured));
                } catch (LoadFailedException e) {
                    progress.printf("FAILED, without figures: %s%n", e.sentence());
                }
            }
        }
    }
}
