// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.Serialization;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** An API that lists three ConfigMaps in two pages, and event sources that watch it. Its watches stay silent. */
final class PagedConfigMaps implements AutoCloseable {

    static final String COLOUR = "colour";

    /** So long that it only ends a test that is broken. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    final ExecutorService threads = Executors.newCachedThreadPool();
    final Semaphore lists = new Semaphore(1);
    /** Names of the objects whose events reached the framework. */
    final List<String> events = new CopyOnWriteArrayList<>();

    final ItemStore<ConfigMap> packed =
            new CompressedItemStore<>(ObjectFormat.whole(ConfigMap.class), new CacheBudget(1 << 20));
    final CountDownLatch listing = new CountDownLatch(1);
    volatile int listStatus = 200;
    volatile CountDownLatch mayList = new CountDownLatch(0);

    /** Calls the handlers of a watch. */
    volatile Executor handlers = Runnable::run;

    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpServer api;
    private final KubernetesClient client;

    PagedConfigMaps() throws IOException {
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
                .withTaskExecutor(task -> handlers.execute(task))
                .build();
    }

    @Override
    public void close() {
        end.countDown();
        mayList.countDown();
        client.close();
        api.stop(0);
        threads.shutdownNow();
    }

    SyncedEventSource<ConfigMap> source(ItemStore<ConfigMap> store) {
        ControllerConfiguration<WebSocketRoute> controller = new BaseConfigurationService() {
            @Override
            public Duration cacheSyncTimeout() {
                return PATIENCE;
            }

            /** The default handler ends the process when a watch ends. */
            @Override
            public Optional<InformerStoppedHandler> getInformerStoppedHandler() {
                return Optional.empty();
            }
        }.getConfigurationFor(new Nothing());
        var source = new SyncedEventSource<>(
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
        source.setControllerConfiguration(asJosdkHasIt(controller));
        source.setEventHandler(
                event -> events.add(event.getRelatedCustomResourceID().getName()));
        return source;
    }

    /** JOSDK declares the watched kind as the type parameter, although it is the controller of the routes. */
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
                await(end);
                return;
            }
            listing.countDown();
            await(mayList);
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

    static String colour(ConfigMap map) {
        return map.getMetadata().getLabels().get(COLOUR);
    }

    static ConfigMap map(String name, String colour) {
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

    static void await(CountDownLatch latch) {
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
