package dev.wsroute.proxy.admin;

import dev.wsroute.admin.Access;
import dev.wsroute.admin.AdminLimits;
import dev.wsroute.admin.AdminServer;
import dev.wsroute.admin.Answer;
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
 * The admin port, for people and metrics, and the probe port. Each has an event loop of its own, so that load on one
 * does not delay the other. Both answer probes.
 */
public final class AdminPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminPorts.class);
    private static final Duration TOKEN_AGE = Duration.ofSeconds(10);
    private static final Duration LOOP_PATIENCE = Duration.ofSeconds(2);

    private final AdminServer people;
    private final @Nullable AdminServer probes;
    private final LoggingScheduler worker = new LoggingScheduler("admin-token");
    private final AdminToken token;
    private final Liveness liveness;

    private AdminPorts(AdminServer people, @Nullable AdminServer probes, AdminToken token) {
        this.people = people;
        this.probes = probes;
        this.token = token;
        // Rounds run on the loop that answers the probes: if that loop hangs, the probe gets no answer.
        this.liveness = new Liveness(probes == null ? people.loop() : probes.loop());
        if (probes != null) {
            liveness.watch("the admin port", people.loop(), LOOP_PATIENCE);
        }
    }

    /**
     * Binds the ports; no request is answered before {@link #start()}.
     *
     * @throws IOException with one sentence if a port cannot be bound or the token cannot be read
     */
    public static AdminPorts open(AdminOptions options) throws IOException {
        Path tokenFile = options.tokenFile();
        AdminToken token = tokenFile == null ? AdminToken.NONE : AdminToken.read(tokenFile);
        AdminServer people = new AdminServer("admin", AdminLimits.DEFAULT);
        AdminServer probes = options.probePort() == null ? null : new AdminServer("probe", AdminLimits.PROBES);
        AdminPorts ports = new AdminPorts(people, probes, token);
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
        InetSocketAddress at = people.listen(new InetSocketAddress(options.address(), options.port()));
        if (probes != null && options.probePort() != null) {
            probes.listen(new InetSocketAddress(options.address(), options.probePort()));
        }
        InetAddress address = at.getAddress();
        if (!address.isLoopbackAddress() && !address.isAnyLocalAddress()) {
            alsoLocally(at.getPort());
        }
    }

    /** For {@code kubectl port-forward}, which connects within the pod. */
    private void alsoLocally(int port) {
        try {
            people.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            LOG.warn("{}; /config and /connections cannot be reached from this machine", e.getMessage());
        }
    }

    /** Sets the pages of both ports. To be called before {@link #start()}. */
    public void serve(Readiness readiness, Page config, Page connections, PrometheusMetrics metrics) {
        Access details = new DetailAccess(token);
        people.probe("/livez", liveness::answer)
                .probe("/readyz", readiness::answer)
                .page("/config", details, config)
                .page("/connections", details, connections)
                .page("/metrics", Access.OPEN, query -> Answer.metrics(metrics.scrape()));
        metrics.watchAdmin("admin", people.drops());
        if (probes != null) {
            probes.probe("/livez", liveness::answer).probe("/readyz", readiness::answer);
            metrics.watchAdmin("probe", probes.drops());
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
        people.start();
        if (probes != null) {
            probes.start();
        }
        liveness.start();
        LOG.info(
                "The admin port listens on {}:{}",
                people.address().getAddress().getHostAddress(),
                people.address().getPort());
    }

    /** The event loop of the admin port. */
    public Executor loop() {
        return people.loop();
    }

    public InetSocketAddress address() {
        return people.address();
    }

    /** Null if there is no probe port. */
    public @Nullable InetSocketAddress probeAddress() {
        return probes == null ? null : probes.address();
    }

    @Override
    public void close() {
        liveness.close();
        worker.shutdownNow();
        people.close();
        if (probes != null) {
            probes.close();
        }
    }
}
