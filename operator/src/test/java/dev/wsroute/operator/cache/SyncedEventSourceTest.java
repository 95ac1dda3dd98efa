package dev.wsroute.operator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapListBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.config.BaseConfigurationService;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.InformerStoppedHandler;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On an API that lists three objects in two pages; what comes after the list is told by hand, at the moment that matters. */
@Timeout(60)
class SyncedEventSourceTest {

    private static final String COLOUR = "colour";

    /** So long that it only ends a test that is broken. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Semaphore lists = new Semaphore(1);
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final ItemStore<ConfigMap> packed =
            new CompressedItemStore<>(ObjectFormat.whole(ConfigMap.class), new HoldBudget(1 << 20));
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch listing = new CountDownLatch(1);
    private final CountDownLatch indexing = new CountDownLatch(3);
    private final CountDownLatch mayIndex = new CountDownLatch(1);

    private volatile int listStatus = 200;
    private volatile CountDownLatch mayList = new CountDownLatch(0);
    private HttpServer api;
    private KubernetesClient client;
    private SyncedEventSource<ConfigMap> source;

    @BeforeEach
    void serve() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setExecutor(threads);
        api.createContext("/api/v1/configmaps", this::answer);
        api.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + api.getAddress().getPort())
                        .withOnlyHttpWatches(true)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                // A watch tells of the listed before it says that it has listed: else some could come as news, by
                // chance.
                .withTaskExecutor(Runnable::run)
                .build();
    }

    @AfterEach
    void close() {
        end.countDown();
        mayIndex.countDown();
        mayList.countDown();
        client.close();
        api.stop(0);
        threads.shutdownNow();
    }

    @Test
    void theFirstListIsFoundOnceTheStartHasEndedAndIsNoNews() {
        source = source(packed);
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));

        source.start();

        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(namesBy("blue")).containsExactly("two");
        assertThat(namesBy("green")).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void theFirstListIsNoNewsEitherIfTheStoreHoldsItsEventsBackUntilAllIsThere() {
        source = source(new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));

        source.start();

        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(events).isEmpty();
    }

    @Test
    void anObjectIsCompleteWhenItIsFound() {
        source = source(packed);
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));

        source.start();

        assertThat(source.byIndex(COLOUR, "blue"))
                .singleElement()
                .satisfies(map -> assertThat(map.getData()).containsEntry("key", "value"));
    }

    @Test
    void anObjectThatCannotBeProcessedIsPassedOverAndTheOthersAreFound() {
        source = source(packed);
        source.addIndexers(Map.of(COLOUR, map -> {
            if (map.getMetadata().getName().equals("two")) {
                throw new StackOverflowError("of two");
            }
            return List.of(colour(map));
        }));

        source.start();
        source.onUpdate(map("two", "red"), map("two", "blue"));
        source.onDelete(map("two", "blue"), false);
        packed.put("ns/four", map("four", "red"));
        source.onAdd(map("four", "red"));

        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three", "four");
        assertThat(events).containsExactly("four");
    }

    @Test
    void whatIsHeldInPartIsReadWhenItIsAskedFor() {
        source = source(packed);
        source.start();
        packed.put(
                "ns/two",
                new ConfigMapBuilder(map("two", "blue"))
                        .withData(null)
                        .editMetadata()
                        .addToAnnotations(Head.ANNOTATION, "true")
                        .endMetadata()
                        .build());

        assertThat(source.get(new ResourceID("two", "ns")))
                .hasValueSatisfying(map -> assertThat(map.getData()).containsEntry("read", "whole"));
        assertThat(source.get(new ResourceID("one", "ns")))
                .hasValueSatisfying(map -> assertThat(map.getData()).doesNotContainKey("read"));
    }

    @Test
    void whatComesAfterTheStartIsNews() {
        source = source(packed);
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));
        source.start();

        packed.put("ns/four", map("four", "red"));
        source.onAdd(map("four", "red"));
        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three", "four");
        assertThat(events).containsExactly("four");

        packed.put("ns/four", map("four", "blue"));
        source.onUpdate(map("four", "red"), map("four", "blue"));
        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(namesBy("blue")).containsExactlyInAnyOrder("two", "four");
        assertThat(events).containsExactly("four", "four");

        packed.remove("ns/four");
        source.onDelete(map("four", "blue"), false);
        assertThat(namesBy("blue")).containsExactly("two");
        assertThat(events).containsExactly("four", "four", "four");

        packed.put("ns/four", map("four", "red"));
        source.onAdd(map("four", "red"));
        assertThat(namesBy("blue")).containsExactly("two");
    }

    @Test
    void whatComesBetweenTheListAndTheEndOfTheStartIsToldOnceThen() throws Exception {
        source = source(packed);
        CompletableFuture<Void> start = startThatStopsWhileItIndexes();

        packed.put("ns/two", map("two", "green"));
        atOnce(() -> source.onUpdate(map("two", "blue"), map("two", "green")));
        packed.put("ns/four", map("four", "green"));
        atOnce(() -> source.onAdd(map("four", "green")));
        assertThat(events).isEmpty();
        assertThat(start).isNotDone();

        mayIndex.countDown();
        join(start);
        assertThat(events).containsExactly("two", "four");
        assertThat(namesBy("green")).containsExactlyInAnyOrder("two", "four");
        assertThat(namesBy("blue")).isEmpty();
    }

    @Test
    void oneThatGoesBeforeTheStartHasEndedIsNotFoundAndNoNews() throws Exception {
        source = source(packed);
        CompletableFuture<Void> start = startThatStopsWhileItIndexes();

        packed.remove("ns/two");
        atOnce(() -> source.onDelete(map("two", "blue"), false));
        mayIndex.countDown();
        join(start);

        assertThat(namesBy("blue")).isEmpty();
        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(events).isEmpty();
    }

    @Test
    void aListWaitsForAPermitAndGivesItBack() throws Exception {
        mayList = new CountDownLatch(1);
        lists.acquire();
        source = source(packed);

        CompletableFuture<Void> start = CompletableFuture.runAsync(source::start, threads);
        await().atMost(PATIENCE).until(lists::hasQueuedThreads);
        assertThat(listing.getCount()).as("lists that have not begun").isEqualTo(1);

        lists.release();
        assertThat(listing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(lists.availablePermits()).isZero();

        mayList.countDown();
        join(start);
        assertThat(lists.availablePermits()).isEqualTo(1);
    }

    @Test
    void aListThatFailsGivesItsPermitBack() {
        listStatus = 403;
        source = source(packed);

        assertThatThrownBy(source::start).isInstanceOf(OperatorException.class);

        assertThat(lists.availablePermits()).isEqualTo(1);
    }

    private SyncedEventSource<ConfigMap> source(ItemStore<ConfigMap> store) {
        ControllerConfiguration<WebSocketRoute> controller = new BaseConfigurationService() {
            @Override
            public Duration cacheSyncTimeout() {
                return PATIENCE;
            }

            /** One that is told of a watch's end ends the process. */
            @Override
            public Optional<InformerStoppedHandler> getInformerStoppedHandler() {
                return Optional.empty();
            }
        }.getConfigurationFor(new Nothing());
        var made = new SyncedEventSource<>(
                InformerEventSourceConfiguration.from(ConfigMap.class, WebSocketRoute.class)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(map -> Set.of(ResourceID.fromResource(map)))
                        .withPrimaryToSecondaryMapper((WebSocketRoute route) -> Set.of())
                        .withItemStore(store)
                        .withInformerListLimit(2L)
                        .build(),
                new EventSourceContext<>(null, controller, client, WebSocketRoute.class),
                lists,
                head -> new ConfigMapBuilder(head).addToData("read", "whole").build());
        made.setControllerConfiguration(asJosdkHasIt(controller));
        made.setEventHandler(
                event -> events.add(event.getRelatedCustomResourceID().getName()));
        return made;
    }

    /** Its parameter there is the kind that is watched, though it is the routes' controller. */
    @SuppressWarnings("unchecked")
    private static ControllerConfiguration<ConfigMap> asJosdkHasIt(ControllerConfiguration<?> controller) {
        return (ControllerConfiguration<ConfigMap>) controller;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        try (exchange) {
            if (query.contains("watch=true")) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().flush();
                pass(end);
                return;
            }
            listing.countDown();
            pass(mayList);
            ConfigMapListBuilder page = query.contains("continue=more")
                    ? new ConfigMapListBuilder()
                            .withItems(map("three", "red"))
                            .withNewMetadata()
                            .withResourceVersion("9")
                            .endMetadata()
                    : new ConfigMapListBuilder()
                            .withItems(map("one", "red"), map("two", "blue"))
                            .withNewMetadata()
                            .withResourceVersion("9")
                            .withContinue("more")
                            .endMetadata();
            exchange.sendResponseHeaders(listStatus, 0);
            exchange.getResponseBody().write(Serialization.asJson(page.build()).getBytes(UTF_8));
        }
    }

    /** Stops at the last object of the list, so that the index takes none of them as it is later. */
    private CompletableFuture<Void> startThatStopsWhileItIndexes() throws InterruptedException {
        source.addIndexers(Map.of(COLOUR, map -> {
            indexing.countDown();
            if (indexing.getCount() == 0) {
                pass(mayIndex);
            }
            return List.of(colour(map));
        }));
        CompletableFuture<Void> start = CompletableFuture.runAsync(source::start, threads);
        assertThat(indexing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return start;
    }

    /** On another thread, as a watch does it: one that waited for the start would fail here. */
    private void atOnce(Runnable told) {
        join(CompletableFuture.runAsync(told, threads));
    }

    private List<String> namesBy(String colour) {
        return source.byIndex(COLOUR, colour).stream()
                .map(map -> map.getMetadata().getName())
                .toList();
    }

    private static String colour(ConfigMap map) {
        return map.getMetadata().getLabels().get(COLOUR);
    }

    private static ConfigMap map(String name, String colour) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName(name)
                .withResourceVersion("7")
                .addToLabels(COLOUR, colour)
                .endMetadata()
                .addToData("key", "value")
                .build();
    }

    private static void join(CompletableFuture<Void> future) {
        assertThat(future).succeedsWithin(PATIENCE);
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The configuration of a controller comes from its reconciler. */
    private static final class Nothing implements Reconciler<WebSocketRoute> {
        @Override
        public UpdateControl<WebSocketRoute> reconcile(WebSocketRoute route, Context<WebSocketRoute> context) {
            return UpdateControl.noUpdate();
        }
    }
}
