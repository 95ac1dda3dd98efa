// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class InformersFollowTheApiTest extends ApiUnderTest {

    @Test
    void anInformerSeesObjectsComeChangeAndGo() {
        client.resource(configMap("before", "k", "1")).create();
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").inform()) {
            assertThat(informer.getStore().list())
                    .extracting(c -> c.getMetadata().getName())
                    .containsExactly("before");

            client.resource(configMap("after", "k", "1")).create();
            client.resource(configMap("before", "k", "2")).update();
            await().untilAsserted(() -> assertThat(informer.getStore().list())
                    .extracting(
                            c -> c.getMetadata().getName() + "=" + c.getData().get("k"))
                    .containsExactlyInAnyOrder("before=2", "after=1"));

            client.configMaps().withName("before").delete();
            await().untilAsserted(() -> assertThat(informer.getStore().list()).hasSize(1));
        }
    }

    @Test
    void anInformerListsAgainAfterItsWatchExpired() {
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").inform()) {
            client.resource(configMap("a", "k", "1")).create();
            await().until(() -> informer.getStore().list().size() == 1);

            api.expireWatches();
            client.resource(configMap("b", "k", "1")).create();

            await().until(() -> informer.getStore().list().size() == 2);
        }
    }

    @Test
    void anInformerCatchesUpAfterAnOutageOfTheServer() {
        try (SharedIndexInformer<ConfigMap> informer =
                        client.configMaps().inNamespace("default").inform();
                var other = newClient()) {
            api.cutOff();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> other.configMaps().list()))
                    .isNotNull();
            api.restore();
            other.resource(configMap("a", "k", "1")).create();

            await().until(() -> informer.getStore().list().size() == 1);
            client.resource(configMap("b", "k", "1")).create();
            await().until(() -> informer.getStore().list().size() == 2);
        }
    }

    @Test
    void aWatchWithASelectorReportsObjectsThatStartAndStopMatching() {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        try (var watch =
                client.configMaps().inNamespace("default").withLabel("app", "x").watch(recorder(events))) {
            assertThat(watch).isNotNull();
            client.resource(configMap("a", "k", "1")).create();
            client.configMaps().withName("a").edit(c -> labelled(c, "x"));
            client.configMaps().withName("a").edit(c -> labelled(c, "y"));

            await().untilAsserted(() -> assertThat(events).containsExactly("ADDED a", "DELETED a"));
        }
    }

    @Test
    void anEventArrivesWithinMillisecondsWithFiveThousandObjects() {
        for (int i = 0; i < 5_000; i++) {
            client.resource(configMap("c" + i, "k", "1")).create();
        }
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").inform()) {
            assertThat(informer.getStore().list()).hasSize(5_000);

            client.resource(configMap("c7", "k", "2")).update();

            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> informer.getStore()
                            .getByKey("default/c7")
                            .getData()
                            .get("k")
                            .equals("2"));
        }
    }

    @Test
    void listsComeInPagesOfTheSizeAskedFor() {
        List.of("a", "b", "c")
                .forEach(name -> client.resource(configMap(name, "k", "1")).create());

        var options = new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                .withLimit(2L)
                .build();
        var first = client.configMaps().inNamespace("default").list(options);
        options.setContinue(first.getMetadata().getContinue());
        var second = client.configMaps().inNamespace("default").list(options);

        assertThat(first.getItems()).extracting(c -> c.getMetadata().getName()).containsExactly("a", "b");
        assertThat(first.getMetadata().getRemainingItemCount()).isEqualTo(1);
        assertThat(second.getItems()).extracting(c -> c.getMetadata().getName()).containsExactly("c");
    }

    @Test
    void aWatchOverPlainHttpWorksAsOneOverWebsocketDoes() {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        client.getConfiguration().setOnlyHttpWatches(true);
        try (var informed = client.namespaces().withName("more").watch(new Watcher<Namespace>() {
            @Override
            public void eventReceived(Action action, Namespace namespace) {
                events.add(action + " " + namespace.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {}
        })) {
            assertThat(informed).isNotNull();
            client.namespaces()
                    .resource(new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                            .withNewMetadata()
                            .withName("more")
                            .endMetadata()
                            .build())
                    .create();
            await().untilAsserted(() -> assertThat(events).containsExactly("ADDED more"));
        }
    }

    private static ConfigMap labelled(ConfigMap configMap, String app) {
        configMap.getMetadata().setLabels(java.util.Map.of("app", app));
        return configMap;
    }

    private static Watcher<ConfigMap> recorder(Queue<String> events) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap object) {
                events.add(action + " " + object.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {}
        };
    }
}
