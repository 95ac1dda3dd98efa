package dev.wsroute.proxy;

import dev.wsroute.config.ProxyDrain;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.proxy.accesslog.AccessLogger;
import dev.wsroute.proxy.admin.AdminPorts;
import dev.wsroute.proxy.admin.ConfigPage;
import dev.wsroute.proxy.admin.ConnectionsPage;
import dev.wsroute.proxy.admin.LiveTraffic;
import dev.wsroute.proxy.admin.Readiness;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.EndpointGauges;
import dev.wsroute.proxy.config.ConfigCounts;
import dev.wsroute.proxy.config.Listeners;
import dev.wsroute.proxy.config.PinnedListeners;
import dev.wsroute.proxy.containment.ContainedLoops;
import dev.wsroute.proxy.containment.LoopWatch;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.PacedShedder;
import dev.wsroute.proxy.drain.ShutdownSequence;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.LogCounts;
import dev.wsroute.proxy.metrics.PrometheusMetrics;
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

    /** Exit code: an event loop has ended. */
    private static final int LOOP_ENDED = 70;

    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final Readiness readiness = new Readiness();
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
            AdminPorts admin,
            StandardStreams streams) {
        this.admin = admin;
        this.shutdownWithin = options.shutdownWithin();
        this.loops = transport.newEventLoops(0);
        // Nothing can be closed in an orderly way without the loop.
        this.loopWatch = new LoopWatch(loops, () -> streams.halt(LOOP_ENDED));
        PrometheusMetrics metrics = new PrometheusMetrics();
        this.accessLogger =
                new AccessLogger(streams.output(), () -> snapshot.get().accessLog());
        metrics.watchLogs(new LogCounts(accessLogger::dropped, streams::dropped, streams::writeErrors));
        this.shedder = new PacedShedder(loops.next(), connections, () -> drain().over(), metrics.shedding());
        boolean fromFile = options.configFile() != null;
        Balancing balancing = new Balancing((route, backend, endpoint, time) -> metrics.ejected(route, backend));
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
        this.listeners = new BoundListeners(server, options.bindAddress(), fromFile);
        Listeners wanted = options.listen().isEmpty() ? listeners : new PinnedListeners(options.listen(), listeners);
        this.control = new ControlPlane(
                options, state, balancing, snapshot, wanted, connections, shedder, memory.connections());
        this.startup = new StartupLog(listeners, transport.name().toLowerCase(Locale.ROOT), fromFile);
        ConfigPage page = control.page(new LiveTraffic(connections, metrics::sheddingNow));
        control.addListener(startup);
        control.addListener(new ConfigCounts(metrics));
        control.addListener(page);
        admin.serve(readiness, page, new ConnectionsPage(connections), metrics);
        admin.watch(loops);
        control.watchedBy(admin.liveness());
    }

    /** @throws StartupException with one sentence when it cannot run as it is told to */
    static ProxyProcess start(ProxyOptions options, StandardStreams streams) throws StartupException {
        ProxyProcess process = create(options, streams);
        try {
            process.admin.start();
            process.control.start();
            process.control.ready().thenRun(process.readiness::ready);
            return process;
        } catch (StartupException e) {
            process.close();
            throw e;
        }
    }

    private static ProxyProcess create(ProxyOptions options, StandardStreams streams) throws StartupException {
        try {
            Transport transport = Transport.choose(options.io());
            StateDir state = options.stateDir() == null ? null : new StateDir(options.stateDir());
            AdminPorts admin = AdminPorts.open(options.admin());
            return new ProxyProcess(options, transport, state, admin, streams);
        } catch (IllegalArgumentException e) {
            throw new StartupException("--io: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Completes with null when the first configuration is applied, with a sentence when none will ever be. */
    CompletionStage<@Nullable String> failure() {
        return startup.failure();
    }

    /** Where it listens, {@code name on address:port}; complete once the first configuration is applied. */
    List<String> addresses() {
        return listeners.addresses();
    }

    /** Where the admin port listens. */
    InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Where the port for probes alone listens; null: there is none. */
    @Nullable InetSocketAddress probeAddress() {
        return admin.probeAddress();
    }

    /** The data plane's. */
    Iterable<EventExecutor> loops() {
        return loops;
    }

    /** Of the admin port. */
    Executor adminLoop() {
        return admin.loop();
    }

    ControlPlane control() {
        return control;
    }

    /** Lets the readiness fall, asks every connection to leave, evenly, and waits until all are gone. */
    void drainAndClose() {
        LOG.info("Shutting down with {} connections", connections.size());
        new ShutdownSequence(server, connections, shedder, loops.next())
                .begin(drain(), readiness::leaving, control::freeze)
                .toCompletableFuture()
                .join();
        close();
        LOG.info("Stopped");
    }

    @Override
    public void close() {
        // What ends from here on ends on purpose.
        loopWatch.stop();
        admin.liveness().close();
        control.close();
        server.close();
        admin.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        accessLogger.close();
    }

    /** How to shut down, as the newest configuration has it and the pod's grace period allows. */
    private ProxyDrain drain() {
        ProxyDrain drain = snapshot.get().drain();
        return shutdownWithin == null ? drain : drain.within(shutdownWithin);
    }
}
