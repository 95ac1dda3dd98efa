// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import dev.wsroute.admin.Access;
import dev.wsroute.admin.AdminLimits;
import dev.wsroute.admin.AdminServer;
import dev.wsroute.admin.AdminToken;
import dev.wsroute.admin.Answer;
import dev.wsroute.admin.DetailAccess;
import dev.wsroute.admin.Liveness;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * {@code /livez}: whether the reconciler threads run tasks. {@code /readyz}: whether the operator is ready, or why not.
 * {@code /metrics}: Prometheus. {@code /load}: see {@link LoadPage}.
 */
public final class AdminPort implements AutoCloseable {

    /** With thousands of routes, startup occupies all threads for most of a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration TOKEN_AGE = Duration.ofSeconds(10);

    private final AdminServer server;
    private final Liveness liveness;
    private final @Nullable ScheduledExecutorService tokens;

    private AdminPort(AdminServer server, Liveness liveness, @Nullable ScheduledExecutorService tokens) {
        this.server = server;
        this.liveness = liveness;
        this.tokens = tokens;
    }

    /**
     * Without {@code /load}.
     *
     * @throws IOException with one sentence if {@code address} cannot be bound
     */
    public static AdminPort open(InetSocketAddress address, Health health, Metrics metrics) throws IOException {
        return open(address, health, metrics, null, new LoadPage((namespace, route) -> Optional.empty()));
    }

    /**
     * @param tokenFile holds the token of those who may see {@code load}; null: there is no such page
     * @throws IOException with one sentence if {@code address} cannot be bound or the token cannot be read
     */
    public static AdminPort open(
            InetSocketAddress address, Health health, Metrics metrics, @Nullable Path tokenFile, LoadPage load)
            throws IOException {
        AdminToken token = tokenFile == null ? AdminToken.NONE : AdminToken.read(tokenFile);
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
        ScheduledExecutorService tokens = null;
        if (tokenFile != null) {
            tokens = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("admin-token", true));
            token.follow(tokenFile, tokens, TOKEN_AGE);
            server.page("/load", new DetailAccess(token), load);
        }
        metrics.watchAdmin(server.drops());
        server.start();
        liveness.start();
        return new AdminPort(server, liveness, tokens);
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
        if (tokens != null) {
            tokens.shutdownNow();
        }
        server.close();
    }
}
