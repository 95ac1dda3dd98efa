package dev.wsroute.operator;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.operator.admin.AdminPort;
import dev.wsroute.operator.admin.Metrics;
import dev.wsroute.operator.cache.Caches;
import dev.wsroute.operator.intake.IntakeInterceptor;
import dev.wsroute.operator.intake.IntakeSerialization;
import dev.wsroute.operator.route.RouteReconciler;
import dev.wsroute.operator.route.RouteStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that runs in the process, started and stopped in order. */
final class OperatorProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);

    /** The client's own patience is minutes; a program that cannot reach the API should say so before that. */
    private static final int REQUEST_RETRIES = 4;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    /**
     * Endpoints may change a hundred times a second, and nobody waits for what the status says of them: a route is looked
     * at this often in a period and then again at its end. An edit takes three or four looks.
     */
    private static final int LOOKS = 4;

    private static final Duration LOOKS_PERIOD = Duration.ofMillis(200);

    private final OperatorOptions options;
    private final Map<String, String> environment;
    private final StandardStreams streams;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final KubernetesClient client;
    private final Metrics metrics;
    private final Operator operator;
    private final String identity;
    private @Nullable AdminPort admin;
    private volatile boolean started;

    OperatorProcess(OperatorOptions options, Map<String, String> environment, StandardStreams streams) {
        this.options = options;
        this.environment = environment;
        this.streams = streams;
        this.metrics = new Metrics(streams);
        this.identity = environment.getOrDefault("POD_NAME", "wsroute-operator-" + UUID.randomUUID());
        Config config = new ConfigBuilder(Config.autoConfigure(null))
                .withRequestRetryBackoffLimit(REQUEST_RETRIES)
                .withUserAgent("wsroute-operator")
                .build();
        this.client = new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(new IntakeSerialization())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("metrics", metrics.ofClient())
                        .addOrReplaceInterceptor("intake", new IntakeInterceptor()))
                .build();
        this.operator = new Operator(this::configure);
    }

    void start() throws StartupException {
        ApiAccess.check(client, options.namespaces());
        Clock clock = Clock.systemUTC();
        operator.register(
                new RouteReconciler(options.proxyImage(), new RouteStatus(clock, options.loopbackEndpoints()), clock),
                this::watch);
        openAdmin();
        try {
            operator.start();
            started = true;
            watchReconcilers();
        } catch (RuntimeException e) {
            throw new StartupException("the operator cannot start: " + ApiAccess.rootMessage(e), e);
        }
        LOG.info(
                "Running on {}, watching {}",
                client.getMasterUrl(),
                options.namespaces().isEmpty() ? "all namespaces" : "namespaces " + options.namespaces());
    }

    private void openAdmin() throws StartupException {
        InetSocketAddress address = new InetSocketAddress(options.adminAddress(environment), options.adminPort());
        try {
            admin = AdminPort.open(address, new OperatorHealth(operator), metrics);
        } catch (IOException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private void watchReconcilers() {
        if (admin != null) {
            admin.watch(operator.getConfigurationService()
                    .getExecutorServiceManager()
                    .reconcileExecutorService());
        }
    }

    private void configure(ConfigurationServiceOverrider configuration) {
        configuration
                .withKubernetesClient(client)
                .withMetrics(metrics.ofReconciler())
                // Own writes are told from others' by resource versions, without an annotation on every object.
                .withPreviousAnnotationForDependentResources(false)
                // ConfigMaps too: an update would need one more permission, and take the proxies' keys along.
                .withDefaultNonSSAResource(Set.of())
                .withParseResourceVersions(true)
                .withReconciliationTerminationTimeout(STOP_PATIENCE)
                .withCloseClientOnStop(false);
        if (options.leaderElection()) {
            configuration.withLeaderElectionConfiguration(Leadership.configuration(
                    options.leaderElectionNamespace(
                            environment, client.getConfiguration().getNamespace()),
                    identity,
                    stopping::get,
                    streams::halt));
        }
    }

    private void watch(ControllerConfigurationOverrider<WebSocketRoute> controller) {
        controller.withRetry(new GenericRetry()
                .setInitialInterval(FIRST_RETRY)
                .setIntervalMultiplier(2)
                .setMaxInterval(LAST_RETRY.toMillis())
                .withoutMaxAttempts());
        controller.withRateLimiter(new LinearRateLimiter(LOOKS_PERIOD, LOOKS));
        Set<String> namespaces = options.namespaces();
        controller.withInformerListLimit(Caches.PAGE);
        Caches.of(namespaces).storeOf(WebSocketRoute.class).ifPresent(controller::withItemStore);
        if (!namespaces.isEmpty()) {
            controller.settingNamespaces(namespaces);
        }
    }

    /** Finishes what is being reconciled, then lets go of the lease and the client. */
    @Override
    public void close() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        if (admin != null) {
            admin.stopWatching();
        }
        try {
            operator.stop();
        } finally {
            if (started && options.leaderElection()) {
                Leadership.release(
                        client,
                        options.leaderElectionNamespace(
                                environment, client.getConfiguration().getNamespace()),
                        identity);
            }
            if (admin != null) {
                admin.close();
            }
            client.close();
        }
    }
}
