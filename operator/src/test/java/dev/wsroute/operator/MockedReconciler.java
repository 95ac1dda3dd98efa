// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.jwks.KeySetSettings;
import dev.wsroute.operator.limits.CurrentLimits;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.scaling.ScalingObserver;
import dev.wsroute.operator.testkit.ChatService;
import dev.wsroute.operator.testkit.MovableClock;
import dev.wsroute.operator.testkit.SecureRoute;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The operator's reconciler, run by the framework as in production, against a mock API. */
final class MockedReconciler implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(1);
    static final String NAMESPACE = "apps";
    private static final int RETRIES = 2;

    final MockApi api = MockApi.start();
    private final KubernetesClient client;
    private final AtomicInteger ended = new AtomicInteger();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    /** For the operator's own decisions; the timers of the framework use the system clock. */
    private final MovableClock clock = new MovableClock(Instant.now());

    private final AtomicInteger begun = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean stopping;
    private @Nullable Operator operator;

    MockedReconciler() {
        client = ApiClient.of(
                new ConfigBuilder(api.config())
                        .withRequestRetryBackoffLimit(RETRIES)
                        .withRequestRetryBackoffInterval(20)
                        .build(),
                new io.fabric8.kubernetes.client.http.Interceptor() {});
        log.start();
        logger().addAppender(log);
        api.client().resource(ChatService.create()).create();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("dev.wsroute.operator");
    }

    MockedReconciler start() {
        return start(null);
    }

    MockedReconciler start(@Nullable LeaderElectionConfiguration leadership) {
        Metrics counting = new Metrics() {
            @Override
            public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
                begun.incrementAndGet();
                try {
                    gate.await();
                    return execution.execute();
                } finally {
                    ended.incrementAndGet();
                }
            }
        };
        operator = new RouteController(
                        client,
                        counting,
                        ScalingObserver.NONE,
                        Set.of(),
                        "proxy:1",
                        new CurrentLimits("wsroute-system", "wsroute-limits"),
                        KeySetSettings.DEFAULT,
                        false,
                        leadership,
                        () -> leadership == null,
                        () -> stopping)
                .newOperator(clock);
        operator.start();
        return this;
    }

    WebSocketRoute apply(String name) {
        return api.client()
                .resource(Serialization.unmarshal("""
                        apiVersion: wsroute.dev/v1alpha1
                        kind: WebSocketRoute
                        metadata: {name: %s, namespace: %s}
                        spec:
                          rules:
                          - name: main
                            backendRefs:
                            - service: {name: chat, port: ws}
                          proxy: {replicas: 1}
                        """.formatted(name, NAMESPACE), WebSocketRoute.class))
                .create();
    }

    /** A route whose only listener has TLS. */
    void applySecured(String name) {
        WebSocketRoute route = SecureRoute.create();
        route.getMetadata().setName(name);
        route.getMetadata().setUid(null);
        api.client().resource(route).create();
    }

    Optional<Condition> condition(String route, String type) {
        return Optional.ofNullable(api.client()
                        .resources(WebSocketRoute.class)
                        .inNamespace(NAMESPACE)
                        .withName(route)
                        .get()
                        .getStatus())
                .stream()
                .flatMap(status -> status.conditions().stream())
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    void awaitReason(String route, String type, String reason) {
        await(type + " is " + reason)
                .until(() -> condition(route, type).map(Condition::getReason).orElse("none"), reason::equals);
    }

    /** The counts of Events by reason. */
    Map<String, Integer> events() {
        return api.client().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .collect(Collectors.toMap(Event::getReason, Event::getCount, Integer::sum));
    }

    /**
     * Triggers a reconciliation that changes nothing, and returns once one has ended that began after this call. Of one route:
     * its reconciliations follow one another.
     */
    void reconcileAgain() {
        int before = begun.get();
        api.client()
                .resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("chat-" + before)
                        .addToLabels("kubernetes.io/service-name", "chat")
                        .endMetadata()
                        .withAddressType("IPv4")
                        .build())
                .create();
        await("another reconciliation").until(() -> ended.get() > before);
    }

    /** The operator's PATCH requests for objects of {@code route}, without Events. */
    List<String> writes(String route) {
        return api.writes().stream()
                .filter(write -> write.startsWith("PATCH"))
                .filter(write -> write.contains("/" + route + "-") || write.contains("/" + route + "/"))
                .map(write -> write.replaceFirst(".*/namespaces/" + NAMESPACE + "/", ""))
                .toList();
    }

    List<String> log(Level atLeast) {
        return List.copyOf(log.list).stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(atLeast))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Starts reconciliations and asks the operator to stop before they finish. */
    void stopDuringReconciliation(int routes) {
        gate = new CountDownLatch(1);
        start();
        await("the reconciliations").until(() -> begun.get() == routes);
        Operator stopped = Objects.requireNonNull(operator);
        ExecutorService workflows =
                stopped.getConfigurationService().getExecutorServiceManager().workflowExecutorService();
        stopping = true;
        Thread end = new Thread(stopped::stop);
        end.start();
        await("the stop").until(workflows::isShutdown);
        gate.countDown();
        await("the end").until(() -> !end.isAlive());
        operator = null;
    }

    void advance(Duration time) {
        clock.advance(time);
    }

    @Override
    public void close() {
        if (operator != null) {
            operator.stop();
        }
        logger().detachAppender(log);
        client.close();
        api.close();
    }
}
