// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** CPU time of operator and proxy while endpoints change many times per second. */
final class SteadyChurn {

    static final String PART = "steady";

    private final LiveCluster live;

    SteadyChurn(LiveCluster live) {
        this.live = live;
    }

    /** The result. */
    record ChurnOutcome(Churn churn, double operatorCores, double proxyCores) {

        List<Figure> figures() {
            double rate = churn.changes() * 1e9 / churn.took().toNanos();
            List<Figure> figures = new ArrayList<>();
            figures.add(Figure.of(PART, "EndpointSlice changes a second, as they came out", rate, "/s"));
            figures.add(Figure.of(PART, "CPU of the operator, of one core", 100 * operatorCores, "%"));
            figures.add(Figure.of(PART, "CPU of the proxy, of one core", 100 * proxyCores, "%"));
            figures.addAll(churn.figures());
            return figures;
        }
    }

    /**
     * @param rate changes per second
     * @param seconds duration
     */
    ChurnOutcome run(int rate, int seconds) throws InterruptedException {
        ProcessHandle operator = live.operator().handle();
        ProcessHandle proxy = live.proxy();
        live.settle();
        RequestCounts.Snapshot before = live.requests();
        Duration operatorCpu = ProcessUse.cpu(operator);
        Duration proxyCpu = ProcessUse.cpu(proxy);
        long start = System.nanoTime();
        int changes = rate * seconds;
        for (int i = 0; i < changes; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / rate;
            TimeUnit.NANOSECONDS.sleep(Math.max(due - System.nanoTime(), 0));
            live.backends().replaceEndpoints();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new ChurnOutcome(
                new Churn(PART, changes, took, live.requests().since(before)),
                share(ProcessUse.cpu(operator).minus(operatorCpu), took),
                share(ProcessUse.cpu(proxy).minus(proxyCpu), took));
    }

    private static double share(Duration cpu, Duration wall) {
        return (double) cpu.toNanos() / wall.toNanos();
    }
}
