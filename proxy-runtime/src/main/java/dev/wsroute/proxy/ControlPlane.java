// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.admin.Liveness;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.proxy.ProxyOptions.ObjectName;
import dev.wsroute.proxy.access.AccessGates;
import dev.wsroute.proxy.access.AccessPart;
import dev.wsroute.proxy.admin.ConfigPage;
import dev.wsroute.proxy.admin.ConnectionCounts;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.config.ActiveConfig;
import dev.wsroute.proxy.config.ConfigApplier;
import dev.wsroute.proxy.config.ConfigFile;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigSource;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.config.FileConfigSource;
import dev.wsroute.proxy.config.Listeners;
import dev.wsroute.proxy.credentials.CredentialPart;
import dev.wsroute.proxy.discovery.EndpointDirectory;
import dev.wsroute.proxy.discovery.EndpointSource;
import dev.wsroute.proxy.discovery.ListedSource;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseQueue;
import dev.wsroute.proxy.drain.ConnectionDrainer;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.Shedder;
import dev.wsroute.proxy.jwt.JwtAccess;
import dev.wsroute.proxy.material.KeptMaterial;
import dev.wsroute.proxy.material.WatchedFiles;
import dev.wsroute.proxy.memory.ConnectionRoom;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.rebalance.Rebalancing;
import dev.wsroute.proxy.report.LoadCounts;
import dev.wsroute.proxy.report.Reporter;
import dev.wsroute.proxy.session.FileKeySource;
import dev.wsroute.proxy.session.KeySource;
import dev.wsroute.proxy.session.SessionKeys;
import dev.wsroute.proxy.snapshot.LiveSnapshot;
import dev.wsroute.proxy.state.LastCertificates;
import dev.wsroute.proxy.state.LastGoodConfig;
import dev.wsroute.proxy.state.LastKnownEndpoints;
import dev.wsroute.proxy.state.LastSessionKey;
import dev.wsroute.proxy.state.StateDir;
import dev.wsroute.proxy.tls.Certificates;
import dev.wsroute.proxy.topology.ProxyZone;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the configuration and the endpoints, and builds the routes from them. All changes are made on the control
 * thread.
 */
final class ControlPlane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final Duration CONFIRMATION = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(15);
    /** Applying a large configuration takes a moment. */
    private static final Duration CONTROL_PATIENCE = Duration.ofSeconds(5);

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);
    private static final Duration REPORT_RETRY = Duration.ofSeconds(1);

    private final ControlThreads threads = ControlThreads.start();
    private final ScheduledExecutorService control = threads.control();
    private final ProxyOptions options;
    private final LoadCounts load;
    private final Balancing balancing;
    private final EndpointDirectory directory;
    private final ConfigApplier applier;
    private final Rebalancing rebalancing;
    private final SessionKeys sessionKeys;
    private final Certificates certificates;
    private final JwtAccess tokens;
    private final AccessGates gates;
    private final LazyCluster cluster;
    private final @Nullable LastGoodConfig lastGood;
    private @Nullable ConfigSource source;

    /**
     * @param state stores the last good state; null for none
     * @param secrets stores the last good certificates; null for none
     * @param authorization creates the steps that ask authorization services
     * @param closeQueue closes connections whose tokens are revoked
     * @param room number of connections that fit in memory
     * @param load for reports
     */
    ControlPlane(
            ProxyOptions options,
            @Nullable StateDir state,
            @Nullable StateDir secrets,
            Balancing balancing,
            ProxyMetrics metrics,
            AccessPart authorization,
            LiveSnapshot snapshot,
            Listeners listeners,
            ConnectionRegistry connections,
            Shedder shedder,
            CloseQueue closeQueue,
            ConnectionRoom room,
            LoadCounts load) {
        this.load = load;
        this.options = options;
        this.cluster = new LazyCluster(options, CONTROL_PATIENCE);
        this.balancing = balancing;
        this.lastGood = state == null ? null : new LastGoodConfig(state, threads.disk());
        LastKnownEndpoints lastKnown = state == null ? null : new LastKnownEndpoints(state, threads.disk());
        this.directory = new EndpointDirectory(
                this::endpointSource, control, CONFIRMATION, PATIENCE, lastKnown == null ? Map.of() : lastKnown.load());
        if (lastKnown != null) {
            directory.addListener(lastKnown);
        }
        ConnectionDrainer drainer = new ConnectionDrainer(connections, shedder, control);
        directory.addListener(balancing);
        directory.addListener(drainer);
        connections.addListener(drainer::opened);
        this.rebalancing = new Rebalancing(connections, balancing, shedder, control, cluster.otherProxies());
        directory.addListener(rebalancing);
        ProxyZone zone = new ProxyZone(options.zone(), options.podName(), balancing);
        directory.addListener(zone);
        LastSessionKey lastKey = state == null ? null : new LastSessionKey(state, threads.disk());
        this.sessionKeys = new SessionKeys(
                control,
                this::keySource,
                balancing::sessionKey,
                lastKey == null ? key -> {} : lastKey::keep,
                lastKey == null ? null : lastKey.load());
        FollowedMaterial material = new FollowedMaterial(new WatchedFiles(threads.lookups()), cluster::get);
        this.certificates = new Certificates(
                control,
                material,
                secrets == null ? KeptMaterial.NONE : new LastCertificates(secrets, threads.disk()),
                Clock.systemUTC());
        this.tokens = new JwtAccess(control, material, Clock.systemUTC());
        tokens.endRevoked(connections, closeQueue);
        this.gates = new AccessGates(
                metrics,
                tokens,
                CredentialPart.apiKeys(control, material::credentials),
                CredentialPart.passwords(control, material::credentials),
                authorization);
        ActiveConfig active =
                new ActiveConfig(directory, balancing, sessionKeys, certificates, gates, snapshot, drainer, room);
        this.applier = new ConfigApplier(control, active, listeners, PATIENCE);
        applier.addCheck(config -> Rebalancing.fault(config, options.reportConfigMap() != null));
        applier.addListener(rebalancing);
        applier.addListener(zone);
        control.scheduleWithFixedDelay(
                applier::releaseUnused, HOUSEKEEPING.toMillis(), HOUSEKEEPING.toMillis(), TimeUnit.MILLISECONDS);
        control.scheduleWithFixedDelay(
                certificates::check, HOUSEKEEPING.toMillis(), HOUSEKEEPING.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Adds a listener for documents. Call before {@link #start()}. */
    void addListener(ConfigListener observer) {
        applier.addListener(observer);
    }

    /** The certificates of the listeners. */
    Certificates certificates() {
        return certificates;
    }

    /** The {@code /config} page. */
    ConfigPage page(ConnectionCounts counts) {
        return new ConfigPage(control, directory::snapshot, balancing, counts);
    }

    /** Adds the control thread and the API client to the liveness check. Call before {@link #start()}. */
    void watchedBy(Liveness watcher) {
        cluster.watchedBy(watcher.watch("the control thread", control, CONTROL_PATIENCE));
    }

    /** The control thread. */
    Executor thread() {
        return control;
    }

    /** Completes when a configuration is applied and the endpoints of all its backends are known. */
    CompletionStage<Void> ready() {
        return applier.ready();
    }

    /**
     * Starts following the configuration. Uses the last good one until the ConfigMap has been read.
     *
     * @throws ProxyStartException if a file cannot be read
     */
    void start() throws ProxyStartException {
        ObjectName reportTo = options.reportConfigMap();
        if (reportTo != null) {
            Reporter reporter = new Reporter(
                    cluster.get().report(reportTo, Objects.requireNonNull(options.podName())),
                    load,
                    threads.reports(),
                    REPORT_EVERY,
                    REPORT_RETRY);
            applier.addListener(reporter);
            certificates.addObserver((urgent, soonest) -> reporter.certificates(urgent));
            gates.observe(reporter::credentials);
            reporter.unknownKeys(tokens::unknownKeys);
            tokens.onUnknownKey(reporter::changed);
        }
        if (lastGood != null) {
            applier.addListener(lastGood);
        }
        source = options.configMap() == null
                ? file(Objects.requireNonNull(options.configFile()))
                : configMap(options.configMap());
        source.start(applier);
    }

    private ConfigSource file(Path file) throws ProxyStartException {
        try {
            applier.offer(ConfigFile.read(file));
            return new FileConfigSource(file);
        } catch (IOException e) {
            throw new ProxyStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private ConfigSource configMap(ObjectName name) {
        ConfigText last = lastGood == null ? null : lastGood.load();
        if (last != null) {
            LOG.info("Starting with the last good configuration of this pod until the Kubernetes API responds");
            applier.offer(last);
        }
        return cluster.get().configuration(name);
    }

    private EndpointSource endpointSource(SourceKey key, BackendConfig backend) {
        if (key instanceof SourceKey.Slices slices) {
            return cluster.get().endpoints(slices);
        }
        if (key instanceof SourceKey.Proxies proxies) {
            return cluster.get().proxies(proxies);
        }
        return new ListedSource(
                Objects.requireNonNull(backend.endpoints()), threads.lookups(), InetAddress::getAllByName);
    }

    private KeySource keySource(SessionKeyConfig key) {
        return key.secret() == null
                ? new FileKeySource(Path.of(Objects.requireNonNull(key.file())), threads.lookups())
                : cluster.get().sessionKey(key.secret());
    }

    /** Ignores all further documents, and closes no connection for the sake of balance: the proxy shuts down. */
    void freeze() {
        applier.freeze();
        rebalancing.stop();
    }

    @Override
    public synchronized void close() {
        applier.freeze();
        if (source != null) {
            source.close();
        }
        threads.stop();
        certificates.close();
        gates.close();
        cluster.close();
    }
}
