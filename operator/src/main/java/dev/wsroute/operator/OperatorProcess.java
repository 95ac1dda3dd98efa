// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import dev.wsroute.logging.StandardStreams;
import dev.wsroute.operator.admin.AdminPort;
import dev.wsroute.operator.admin.LoadPage;
import dev.wsroute.operator.admin.Metrics;
import dev.wsroute.operator.jwks.AllowedHosts;
import dev.wsroute.operator.jwks.KeySetSettings;
import dev.wsroute.operator.limits.CurrentLimits;
import dev.wsroute.operator.route.ReportedLoads;
import dev.wsroute.operator.scaling.ScalingObserver;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.processing.LifecycleAware;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that runs in the process, started and stopped in order. */
final class OperatorProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);

    private final OperatorOptions options;
    private final Map<String, String> environment;
    private final StandardStreams streams;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean leading = new AtomicBoolean();
    private final ApiWait wait = new ApiWait(stopping);
    private final KubernetesClient client;
    private final Metrics metrics;
    private final ScalingObserver scaling;
    private final String identity;
    private final CurrentLimits limits;
    private final KeySetSettings keySets;
    private @Nullable AdminPort admin;
    private volatile @Nullable Operator operator;

    /** @throws OperatorStartupException if the API server is not configured */
    OperatorProcess(OperatorOptions options, Map<String, String> environment, StandardStreams streams)
            throws OperatorStartupException {
        this.options = options;
        this.environment = environment;
        this.streams = streams;
        this.metrics = new Metrics(streams);
        this.scaling = metrics.ofScaling();
        this.identity = environment.getOrDefault("POD_NAME", "wsroute-operator-" + UUID.randomUUID());
        this.client = ApiClient.of(ApiConfig.find(environment), metrics.ofClient());
        this.limits = new CurrentLimits(ownNamespace(), options.limitsConfigMap());
        this.keySets = new KeySetSettings(AllowedHosts.of(options.jwksAllowedHosts()), metrics.ofKeySets());
        metrics.watchLimits(limits::isFaulty);
    }

    /** Returns once the operator runs, or the process was asked to stop. */
    void start() throws OperatorStartupException {
        openAdmin();
        if (wait.until(this::tryToStart)) {
            LOG.info(
                    "Connected to {}, watching {}",
                    client.getMasterUrl(),
                    options.namespaces().isEmpty() ? "all namespaces" : "namespaces " + options.namespaces());
        }
    }

    private void tryToStart() throws OperatorStartupException, ApiUnavailableException {
        ApiAccess.check(client, options.namespaces());
        ApiAccess.checkLimits(client, limits.namespace(), limits.name());
        Operator next = new RouteController(
                        client,
                        metrics.ofReconciler(),
                        scaling,
                        options.namespaces(),
                        options.proxyImage(),
                        limits,
                        keySets,
                        options.loopbackEndpoints(),
                        leadership(),
                        leading::get,
                        this::isStopping)
                .newOperator(Clock.systemUTC());
        operator = next;
        try {
            next.start();
            watchReconcilers(next);
        } catch (RuntimeException e) {
            operator = null;
            discard(next);
            throw toFailure(e);
        }
    }

    /** Stops watches that were already started; they would run for ever. */
    private static void discard(Operator operator) {
        for (RegisteredController<?> controller : operator.getRegisteredControllers()) {
            if (controller instanceof LifecycleAware begun) {
                begun.stop();
            }
        }
    }

    private static OperatorStartupException toFailure(RuntimeException e) throws ApiUnavailableException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException answer && ApiAccess.isTransient(answer)) {
                throw new ApiUnavailableException(
                        "the connection to the Kubernetes API was lost during startup: " + ApiAccess.rootMessage(e), e);
            }
        }
        return new OperatorStartupException("the operator cannot start: " + ApiAccess.rootMessage(e), e);
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private @Nullable LeaderElectionConfiguration leadership() {
        leading.set(!options.leaderElection());
        return options.leaderElection()
                ? Leadership.configuration(
                        leaseNamespace(), identity, () -> leading.set(true), this::isStopping, streams::halt)
                : null;
    }

    private String leaseNamespace() {
        return options.leaderElectionNamespace(
                environment, client.getConfiguration().getNamespace());
    }

    private String ownNamespace() {
        return options.namespace(environment, client.getConfiguration().getNamespace());
    }

    private void openAdmin() throws OperatorStartupException {
        InetSocketAddress address = new InetSocketAddress(options.adminAddress(environment), options.adminPort());
        try {
            ReportedLoads loads = new ReportedLoads(client);
            LoadPage page = new LoadPage((namespace, route) ->
                    loads.of(namespace, route).map(sum -> new LoadPage.Load(sum.connections(), sum.proxies())));
            admin = AdminPort.open(
                    address, new OperatorHealth(() -> operator, wait), metrics, options.adminTokenFile(), page);
        } catch (IOException e) {
            throw new OperatorStartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private void watchReconcilers(Operator started) {
        if (admin != null) {
            admin.watch(started.getConfigurationService()
                    .getExecutorServiceManager()
                    .reconcileExecutorService());
        }
    }

    /** Finishes running reconciliations, then releases the lease and closes the client. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopping.countDown();
        if (admin != null) {
            admin.stopWatching();
        }
        Operator running = operator;
        try {
            if (running != null) {
                running.stop();
            }
        } finally {
            if (running != null && options.leaderElection()) {
                Leadership.release(client, leaseNamespace(), identity);
            }
            if (admin != null) {
                admin.close();
            }
            client.close();
        }
    }
}
