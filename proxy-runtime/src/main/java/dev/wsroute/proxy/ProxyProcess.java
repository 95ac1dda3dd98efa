package dev.wsroute.proxy;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.config.ConfigApplier;
import dev.wsroute.proxy.config.ConfigFile;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigSource;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.config.FileConfigSource;
import dev.wsroute.proxy.discovery.EndpointDirectory;
import dev.wsroute.proxy.discovery.ListedSource;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.PacedShedder;
import dev.wsroute.proxy.drain.Shedder;
import dev.wsroute.proxy.drain.ShutdownSequence;
import dev.wsroute.proxy.http.ProxyLimits;
import dev.wsroute.proxy.metrics.AccessLog;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.Departures;
import dev.wsroute.proxy.routing.Routes;
import dev.wsroute.proxy.server.ProxyContext;
import dev.wsroute.proxy.server.ProxyServer;
import dev.wsroute.proxy.server.Transport;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running proxy: everything that a process has one of, wired together. */
final class ProxyProcess {

    private static final Logger log = LoggerFactory.getLogger(ProxyProcess.class);
    private static final Duration CONFIRMATION = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(15);

    private final ScheduledExecutorService control = new LoggingScheduler("control");
    private final ScheduledExecutorService lookups = new LoggingScheduler("lookup");
    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final Routes routes = new Routes();
    private final Balancing balancing = new Balancing();
    private final ProxyOptions options;
    private final EventLoopGroup loops;
    private final ProxyServer server;
    private final Shedder shedder;
    private final EndpointDirectory directory;
    private final ConfigApplier applier;
    private final BoundListeners listeners;
    private @Nullable ConfigSource source;

    private ProxyProcess(ProxyOptions options, Transport transport) {
        this.options = options;
        this.loops = transport.newEventLoops(0);
        this.shedder = new PacedShedder(loops.next());
        ProxyContext context = new ProxyContext(
                routes, connections, ProxyMetrics.NONE, AccessLog.NONE, this::drain, ProxyLimits.DEFAULT);
        this.server = new ProxyServer(transport, loops, context);
        this.listeners = new BoundListeners(server, options.bindAddress());
        Departures departures = new Departures(connections, shedder);
        this.directory = new EndpointDirectory(
                (key, backend) -> new ListedSource(
                        Objects.requireNonNull(backend.endpoints()), lookups, InetAddress::getAllByName),
                control,
                CONFIRMATION,
                Map.of());
        directory.addListener(balancing);
        directory.addListener(departures);
        this.applier = new ConfigApplier(control, directory, balancing, routes, departures, listeners, PATIENCE);
    }

    /** @throws StartupException with one sentence when it cannot run as it is told to */
    static ProxyProcess start(ProxyOptions options) throws StartupException {
        Transport transport;
        try {
            transport = Transport.choose(options.io());
        } catch (IllegalArgumentException e) {
            throw new StartupException("--io: " + e.getMessage(), e);
        }
        ProxyProcess process = new ProxyProcess(options, transport);
        try {
            process.begin();
            return process;
        } catch (StartupException e) {
            process.release();
            throw e;
        }
    }

    private void begin() throws StartupException {
        control.scheduleWithFixedDelay(
                applier::letGo, HOUSEKEEPING.toMillis(), HOUSEKEEPING.toMillis(), TimeUnit.MILLISECONDS);
        FirstOutcome first = new FirstOutcome(options.configFile() != null);
        applier.addListener(first);
        Path file = options.configFile();
        if (file != null) {
            try {
                source = new FileConfigSource(file);
                applier.offer(ConfigFile.read(file));
            } catch (IOException e) {
                throw new StartupException(String.valueOf(e.getMessage()), e);
            }
            first.await();
            source.start(applier);
        }
        ProxyConfig config = applier.current();
        log.info("wsroute {} listens: {}", WsrouteProxy.Version.text(), String.join(", ", listeners.addresses()));
        if (config != null) {
            config.routes().forEach(route -> log.info("{}", RouteSummary.of(route)));
        }
    }

    /** On SIGTERM or Ctrl-C asks every connection to leave, then ends the process with code 0. */
    void stopOnSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shutdown"));
    }

    private void stop() {
        log.info("Shutting down: {} connections", connections.size());
        new ShutdownSequence(server, connections, shedder, loops.next())
                .begin(drain(), () -> {})
                .toCompletableFuture()
                .join();
        release();
        log.info("Stopped");
        Runtime.getRuntime().halt(0);
    }

    private void release() {
        if (source != null) {
            source.close();
        }
        server.close();
        control.shutdownNow();
        lookups.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private ProxyDrain drain() {
        ProxyConfig config = applier.current();
        return config == null ? ProxyDrain.DEFAULT : config.drain();
    }

    /** What became of the first document. */
    private static final class FirstOutcome implements ConfigListener {

        private final CompletableFuture<@Nullable String> refusal = new CompletableFuture<>();
        private final boolean invalidIsFinal;

        FirstOutcome(boolean invalidIsFinal) {
            this.invalidIsFinal = invalidIsFinal;
        }

        @Override
        public void applied(Parsed parsed, ConfigText text) {
            refusal.complete(null);
        }

        @Override
        public void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
            if (invalidIsFinal || cause == Cause.LISTENER) {
                refusal.complete(reason);
            }
        }

        void await() throws StartupException {
            try {
                String reason = refusal.get();
                if (reason != null) {
                    throw new StartupException(reason);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartupException("The start was interrupted", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
