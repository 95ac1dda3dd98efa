// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.bench.machine.Cores;
import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import dev.wsroute.e2e.cluster.api.http.RequestCounts.Request;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts an operator when all routes already have all their objects. A first operator creates the objects, so that they
 * are exactly as the second one would write them; the second one must find nothing to do.
 */
final class ColdStart implements AutoCloseable {

    static final String PART = "cold start";

    /** Memory limit of the first operator, which is not measured. */
    private static final int STOCKING_MEGABYTES = 4096;

    private static final Duration STOCKING_PATIENCE = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Longer than counts in the status may lag. */
    private static final Duration QUIET = Duration.ofSeconds(12);

    private static final Duration POLL = Duration.ofMillis(250);

    /** Without a reconciliation for this long, there are no more. */
    private static final Duration END = Duration.ofSeconds(3);

    private final Repository repository;
    private final RouteStock stock;
    private final Progress progress;
    private final Cores cores = Cores.available();
    private final EmbeddedApi api = EmbeddedApi.start();
    private final Path kubeconfig;

    ColdStart(Repository repository, RouteStock stock, Progress progress) throws IOException {
        this.repository = repository;
        this.stock = stock;
        this.progress = progress;
        this.kubeconfig = Files.createTempFile("wsroute-bench-", ".kubeconfig");
        api.writeKubeconfig(kubeconfig);
    }

    /** Creates all objects. */
    void prepare() throws IOException, InterruptedException {
        try (KubernetesClient client = client()) {
            new Manifests(client).apply(repository.get("crds/websocketroutes.wsroute.dev.yaml"));
            progress.step("creating " + stock.routes() + " routes with " + stock.endpointsEach() + " endpoints each");
            stock.create(client);
            progress.step("an operator makes their objects");
            try (ProxyStandIn proxies = new ProxyStandIn(client);
                    OperatorRun first =
                            OperatorRun.launch(repository, kubeconfig, STOCKING_MEGABYTES, List.of(), List.of())) {
                proxies.start();
                awaitStocked(client, first);
            }
        }
    }

    private KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withUserAgent("bench-control")
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private void awaitStocked(KubernetesClient client, OperatorRun operator) throws IOException, InterruptedException {
        operator.awaitReady(STOCKING_PATIENCE);
        long deadline = System.nanoTime() + STOCKING_PATIENCE.toNanos();
        long ready = 0;
        while (ready < stock.routes()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "only " + ready + " routes are ready; the operator's log: " + operator.log());
            }
            awaitQuiet();
            ready = readyRoutes(client);
        }
    }

    private static long readyRoutes(KubernetesClient client) {
        return client.resources(WebSocketRoute.class).inAnyNamespace().list().getItems().stream()
                .filter(route -> RouteConditions.isTrue(route, "Ready"))
                .count();
    }

    private void awaitQuiet() throws InterruptedException {
        long seen = -1;
        while (seen != api.resourceVersion()) {
            seen = api.resourceVersion();
            TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        }
    }

    /**
     * The result of a start.
     *
     * @param synced from the start of the process until its caches were filled
     * @param reconciled from the start of the process until the last route was reconciled
     * @param peakMegabytes resident
     * @param heapMegabytes in use afterwards, after a garbage collection
     */
    record ColdStartOutcome(
            Duration synced,
            Duration reconciled,
            Duration cpu,
            double peakMegabytes,
            double heapMegabytes,
            long reconciliations,
            long failures,
            RequestCounts.Snapshot requests) {

        private static final double BAR_SECONDS = 60;
        private static final double BAR_MEGABYTES = 512;

        long writes() {
            return requests.sum(request -> request.program().equals(Churn.OPERATOR) && request.writes());
        }

        List<Figure> figures() {
            return List.of(
                    new Figure(PART, "until every route was reconciled", reconciled.toMillis() / 1e3, "s", BAR_SECONDS),
                    Figure.of(PART, "until the caches were filled", synced.toMillis() / 1e3, "s"),
                    Figure.of(PART, "CPU time", cpu.toMillis() / 1e3, "s"),
                    new Figure(PART, "peak resident memory", peakMegabytes, "MB", BAR_MEGABYTES),
                    Figure.of(PART, "heap in use afterwards", heapMegabytes, "MB"),
                    Figure.count(PART, "reconciliations", reconciliations),
                    Figure.count(PART, "reconciliations that failed", failures, 0),
                    Figure.count(
                            PART,
                            "requests to the API",
                            requests.sum(r -> r.program().equals(Churn.OPERATOR))),
                    Figure.count(PART, "of these, writes", writes(), 0));
        }

        String note() {
            return PART + ": the operator asked for " + requests.of(Churn.OPERATOR, request -> true)
                    + (writes() == 0 ? "" : ", of these writes: " + requests.of(Churn.OPERATOR, Request::writes));
        }
    }

    /**
     * Starts an operator on a separate core and measures until it has reconciled every route.
     *
     * @param javaOptions in addition to those of its image
     */
    ColdStartOutcome measure(List<String> javaOptions) throws IOException, InterruptedException {
        progress.step("an operator starts" + (cores.canPin() ? " on a core of its own" : ", not pinned to a core"));
        RequestCounts.Snapshot before = api.requests().snapshot();
        cores.leaveMeasuredCore();
        long start = System.nanoTime();
        try (OperatorRun operator = OperatorRun.launch(
                repository, kubeconfig, OperatorRun.POD_MEGABYTES, cores.measured(List.of()), javaOptions)) {
            operator.awaitReady(PATIENCE);
            Duration synced = Duration.ofNanos(System.nanoTime() - start);
            Duration reconciled = awaitReconciled(operator, start);
            Duration cpu = ProcessUse.cpu(operator.handle());
            double peak = ProcessUse.peakResidentMegabytes(operator.handle());
            ProcessUse.collectGarbage(operator.handle());
            return new ColdStartOutcome(
                    synced,
                    reconciled,
                    cpu,
                    peak,
                    operator.heapMegabytes(),
                    operator.reconciliations(),
                    operator.failures(),
                    api.requests().snapshot().since(before));
        } finally {
            cores.useAll();
        }
    }

    private Duration awaitReconciled(OperatorRun operator, long start) throws IOException, InterruptedException {
        long deadline = start + PATIENCE.toNanos();
        long count = -1;
        long moved = start;
        while (count < stock.routes() || System.nanoTime() - moved < END.toNanos()) {
            long now = operator.reconciliations();
            if (now != count) {
                count = now;
                moved = System.nanoTime();
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + count + " routes were reconciled within " + PATIENCE
                        + "; the operator's log: " + operator.log());
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
        return Duration.ofNanos(moved - start);
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public void close() {
        api.close();
    }
}
