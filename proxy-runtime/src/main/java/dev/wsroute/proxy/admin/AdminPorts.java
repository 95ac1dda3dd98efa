// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import dev.wsroute.admin.Access;
import dev.wsroute.admin.AdminLimits;
import dev.wsroute.admin.AdminServer;
import dev.wsroute.admin.AdminToken;
import dev.wsroute.admin.Answer;
import dev.wsroute.admin.DetailAccess;
import dev.wsroute.admin.Liveness;
import dev.wsroute.admin.Page;
import dev.wsroute.proxy.containment.LoggingScheduler;
import dev.wsroute.proxy.metrics.PrometheusMetrics;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port, for people and metrics, and the probe port. Each has its own event loop, so that load on one does not
 * delay the other. Both answer probes.
 */
public final class AdminPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminPorts.class);
    private static final Duration TOKEN_AGE = Duration.ofSeconds(10);
    private static final Duration LOOP_PATIENCE = Duration.ofSeconds(2);

    private final AdminServer adminServer;
    private final @Nullable AdminServer probeServer;
    private final LoggingScheduler worker = new LoggingScheduler("admin-token");
    private final AdminToken token;
    private final Liveness liveness;

    private AdminPorts(AdminServer adminServer, @Nullable AdminServer probeServer, AdminToken token) {
        this.adminServer = adminServer;
        this.probeServer = probeServer;
        this.token = token;
        // The checks run on the loop that answers the probes: if that loop hangs, probes get no answer.
        this.liveness = new Liveness(probeServer == null ? adminServer.loop() : probeServer.loop());
        if (probeServer != null) {
            liveness.watch("the admin port", adminServer.loop(), LOOP_PATIENCE);
        }
    }

    /**
     * Binds the ports. Requests are answered after {@link #start()}.
     *
     * @throws IOException with a sentence if a port cannot be bound or the token cannot be read
     */
    public static AdminPorts open(AdminOptions options) throws IOException {
        Path tokenFile = options.tokenFile();
        AdminToken token = tokenFile == null ? AdminToken.NONE : AdminToken.read(tokenFile);
        AdminServer adminServer = new AdminServer("admin", AdminLimits.DEFAULT);
        AdminServer probeServer = options.probePort() == null ? null : new AdminServer("probe", AdminLimits.PROBES);
        AdminPorts ports = new AdminPorts(adminServer, probeServer, token);
        try {
            ports.listen(options);
        } catch (IOException e) {
            ports.close();
            throw e;
        }
        if (tokenFile != null) {
            token.follow(tokenFile, ports.worker, TOKEN_AGE);
        }
        return ports;
    }

    private void listen(AdminOptions options) throws IOException {
        InetSocketAddress at = adminServer.listen(new InetSocketAddress(options.address(), options.port()));
        if (probeServer != null && options.probePort() != null) {
            probeServer.listen(new InetSocketAddress(options.address(), options.probePort()));
        }
        InetAddress address = at.getAddress();
        if (!address.isLoopbackAddress() && !address.isAnyLocalAddress()) {
            alsoLocally(at.getPort());
        }
    }

    /** For {@code kubectl port-forward}, which connects to the pod's loopback address. */
    private void alsoLocally(int port) {
        try {
            adminServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            LOG.warn("{}; /config and /connections are not available from this machine", e.getMessage());
        }
    }

    /** Sets the pages of both ports. Call before {@link #start()}. */
    public void serve(ReadinessProbe readiness, Page config, Page connections, PrometheusMetrics metrics) {
        Access details = new DetailAccess(token);
        adminServer
                .probe("/livez", liveness::answer)
                .probe("/readyz", readiness::answer)
                .page("/config", details, config)
                .page("/connections", details, connections)
                .page("/metrics", Access.OPEN, query -> Answer.metrics(metrics.scrape()));
        metrics.watchAdmin("admin", adminServer.drops());
        if (probeServer != null) {
            probeServer.probe("/livez", liveness::answer).probe("/readyz", readiness::answer);
            metrics.watchAdmin("probe", probeServer.drops());
        }
    }

    /** Adds the data plane's event loops to the liveness check. */
    public void watch(Iterable<EventExecutor> loops) {
        int number = 0;
        for (EventExecutor loop : loops) {
            liveness.watch("event loop " + number++, loop, LOOP_PATIENCE);
        }
    }

    /** The check behind {@code /livez}. */
    public Liveness liveness() {
        return liveness;
    }

    public void start() {
        adminServer.start();
        if (probeServer != null) {
            probeServer.start();
        }
        liveness.start();
        LOG.info(
                "Admin port listening on {}:{}",
                adminServer.address().getAddress().getHostAddress(),
                adminServer.address().getPort());
    }

    /** The event loop of the admin port. */
    public Executor loop() {
        return adminServer.loop();
    }

    public InetSocketAddress address() {
        return adminServer.address();
    }

    /** Null if there is no probe port. */
    public @Nullable InetSocketAddress probeAddress() {
        return probeServer == null ? null : probeServer.address();
    }

    @Override
    public void close() {
        liveness.close();
        worker.shutdownNow();
        adminServer.close();
        if (probeServer != null) {
            probeServer.close();
        }
    }
}
