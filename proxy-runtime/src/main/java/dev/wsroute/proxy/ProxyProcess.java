// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.config.ProxyDrain;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.proxy.accesslog.AccessLogger;
import dev.wsroute.proxy.admin.AdminPorts;
import dev.wsroute.proxy.admin.ConfigPage;
import dev.wsroute.proxy.admin.ConnectionCounts;
import dev.wsroute.proxy.admin.ConnectionsPage;
import dev.wsroute.proxy.admin.ReadinessProbe;
import dev.wsroute.proxy.authz.AuthorizationSteps;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.EndpointGauges;
import dev.wsroute.proxy.config.ConfigCounts;
import dev.wsroute.proxy.config.FixedPortListeners;
import dev.wsroute.proxy.config.Listeners;
import dev.wsroute.proxy.containment.ContainedLoops;
import dev.wsroute.proxy.containment.LoopWatch;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.PacedShedder;
import dev.wsroute.proxy.drain.ShutdownSequence;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.LogCounts;
import dev.wsroute.proxy.metrics.PrometheusMetrics;
import dev.wsroute.proxy.report.CpuUsage;
import dev.wsroute.proxy.report.LoadCounts;
import dev.wsroute.proxy.server.BoundListeners;
import dev.wsroute.proxy.server.ProxyContext;
import dev.wsroute.proxy.server.ProxyServer;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.snapshot.LiveSnapshot;
import dev.wsroute.proxy.snapshot.Snapshot;
import dev.wsroute.proxy.state.StateDir;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running proxy: the data plane, the control plane and the admin port, wired together. */
final class ProxyProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyProcess.class);

    /** Exit code after an event loop has ended. */
    private static final int LOOP_ENDED = 70;

    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final ReadinessProbe readiness = new ReadinessProbe();
    private final LiveSnapshot snapshot = new LiveSnapshot(Snapshot.EMPTY);
    private final ContainedLoops loops;
    private final LoopWatch loopWatch;
    private final ProxyServer server;
    private final PacedShedder shedder;
    private final ControlPlane control;
    private final BoundListeners listeners;
    private final StartupLog startup;
    private final AdminPorts admin;
    private final AccessLogger accessLogger;
    private final @Nullable Duration shutdownWithin;

    private ProxyProcess(
            ProxyOptions options,
            Transport transport,
            @Nullable StateDir state,
            @Nullable StateDir secrets,
            AdminPorts admin,
            StandardStreams streams) {
        this.admin = admin;
        this.shutdownWithin = options.shutdownWithin();
        this.loops = transport.newEventLoops(0);
        // An orderly shutdown is impossible without the loop.
        this.loopWatch = new LoopWatch(loops, () -> streams.halt(LOOP_ENDED));
        PrometheusMetrics metrics = new PrometheusMetrics();
        this.accessLogger =
                new AccessLogger(streams.output(), () -> snapshot.get().accessLog());
        metrics.watchLogs(new LogCounts(accessLogger::dropped, streams::dropped, streams::writeErrors));
        this.shedder = new PacedShedder(loops.next(), connections, () -> drain().over(), metrics.shedding());
        boolean fromFile = options.configFile() != null;
        Balancing balancing = new Balancing(new BalancingMeters(metrics));
        metrics.watchEndpoints(new EndpointGauges(balancing));
        metrics.watchLoops(loops);
        metrics.watchFailures(loops.failures());
        MemoryBudgets memory = options.memory().budgets();
        metrics.watchMemory(memory);
        LOG.info("Memory: {}", options.memory());
        this.server = new ProxyServer(
                transport,
                loops,
                new ProxyContext(
                        snapshot, connections, metrics, accessLogger, ProxyContext.KEEPALIVE_ROUND, shedder, memory));
        this.listeners = new BoundListeners(
                server,
                options.bindAddress(),
                fromFile,
                name -> control().certificates().listener(name));
        Listeners wanted = options.listen().isEmpty() ? listeners : new FixedPortListeners(options.listen(), listeners);
        this.control = new ControlPlane(
                options,
                state,
                secrets,
                balancing,
                metrics,
                new AuthorizationSteps(
                        balancing::selector,
                        backend -> control().certificates().backend(backend),
                        server::checkDialer,
                        server::markLoop,
                        memory,
                        metrics),
                snapshot,
                wanted,
                connections,
                shedder,
                shedder,
                memory.connections(),
                new LoadCounts(
                        connections::size,
                        server.admission()::handshaking,
                        server.admission()::refused,
                        CpuUsage.ofProcess()));
        this.startup = new StartupLog(listeners, transport.name().toLowerCase(Locale.ROOT), fromFile);
        ConfigPage page = control.page(new ConnectionCounts(connections, metrics::sheddingNow));
        control.addListener(startup);
        control.certificates().addObserver((urgent, soonest) -> metrics.certificates(soonest));
        control.addListener(new ConfigCounts(metrics));
        control.addListener(page);
        admin.serve(readiness, page, new ConnectionsPage(connections), metrics);
        admin.watch(loops);
        control.watchedBy(admin.liveness());
    }

    /** @throws ProxyStartException with a sentence if it cannot start */
    static ProxyProcess start(ProxyOptions options, StandardStreams streams) throws ProxyStartException {
        ProxyProcess process = create(options, streams);
        try {
            process.admin.start();
            process.control.start();
            process.control.ready().thenRun(process.readiness::ready);
            return process;
        } catch (ProxyStartException e) {
            process.close();
            throw e;
        }
    }

    private static ProxyProcess create(ProxyOptions options, StandardStreams streams) throws ProxyStartException {
        try {
            Transport transport = Transport.choose(options.io());
            StateDir state = options.stateDir() == null ? null : new StateDir(options.stateDir());
            StateDir secrets = options.secretsDir() == null ? null : new StateDir(options.secretsDir());
            AdminPorts admin = AdminPorts.open(options.admin());
            return new ProxyProcess(options, transport, state, secrets, admin, streams);
        } catch (IllegalArgumentException e) {
            throw new ProxyStartException("--io: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ProxyStartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Completes with null when the first configuration is applied, or with a sentence if none can be. */
    CompletionStage<@Nullable String> failure() {
        return startup.failure();
    }

    /** {@code name on address:port} of each listener; complete once the first configuration is applied. */
    List<String> addresses() {
        return listeners.addresses();
    }

    /** Address of the admin port. */
    InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Address of the probe port; null for none. */
    @Nullable InetSocketAddress probeAddress() {
        return admin.probeAddress();
    }

    /** The event loops of the data plane. */
    Iterable<EventExecutor> loops() {
        return loops;
    }

    /** The event loop of the admin port. */
    Executor adminLoop() {
        return admin.loop();
    }

    ControlPlane control() {
        return control;
    }

    /** Makes readiness fail, closes all connections evenly, and blocks until they are closed. */
    void drainAndClose() {
        LOG.info("Shutting down with {} connections", connections.size());
        new ShutdownSequence(server, connections, shedder, loops.next())
                .begin(drain(), readiness::shuttingDown, control::freeze)
                .toCompletableFuture()
                .join();
        close();
        LOG.info("Stopped");
    }

    @Override
    public void close() {
        // The loops are about to be shut down.
        loopWatch.stop();
        admin.liveness().close();
        control.close();
        server.close();
        admin.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        accessLogger.close();
    }

    /** Durations of the shutdown: those of the current configuration, limited to the pod's grace period. */
    private ProxyDrain drain() {
        ProxyDrain drain = snapshot.get().drain();
        return shutdownWithin == null ? drain : drain.within(shutdownWithin);
    }
}
