// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import dev.wsroute.admin.Access;
import dev.wsroute.admin.AdminLimits;
import dev.wsroute.admin.AdminServer;
import dev.wsroute.admin.Answer;
import dev.wsroute.admin.Liveness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * {@code /livez}: whether the reconciler threads run tasks. {@code /readyz}: whether the operator is ready, or why not.
 * {@code /metrics}: Prometheus.
 */
public final class AdminPort implements AutoCloseable {

    /** With thousands of routes, startup occupies all threads for most of a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final AdminServer server;
    private final Liveness liveness;

    private AdminPort(AdminServer server, Liveness liveness) {
        this.server = server;
        this.liveness = liveness;
    }

    /** @throws IOException with one sentence if {@code address} cannot be bound */
    public static AdminPort open(InetSocketAddress address, Health health, Metrics metrics) throws IOException {
        AdminServer server = new AdminServer("admin", AdminLimits.DEFAULT);
        try {
            server.listen(address);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        Liveness liveness = new Liveness(server.loop());
        server.probe("/livez", liveness::answer)
                .page("/readyz", Access.OPEN, query -> readiness(health))
                .page("/metrics", Access.OPEN, query -> Answer.metrics(metrics.scrape()));
        metrics.watchAdmin(server.drops());
        server.start();
        liveness.start();
        return new AdminPort(server, liveness);
    }

    /** Makes {@code /livez} check that these threads run tasks. */
    public void watch(Executor reconcilers) {
        watch(reconcilers, PATIENCE);
    }

    void watch(Executor reconcilers, Duration patience) {
        liveness.watch("the reconciler thread pool", reconcilers, patience);
    }

    /** Called before the threads are stopped: {@code /livez} keeps its last answer. */
    public void stopWatching() {
        liveness.close();
    }

    private static Answer readiness(Health health) {
        return health.problem().map(what -> Answer.text(503, what)).orElseGet(() -> Answer.text(200, "ok"));
    }

    /** The bound address. */
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        liveness.close();
        server.close();
    }
}
