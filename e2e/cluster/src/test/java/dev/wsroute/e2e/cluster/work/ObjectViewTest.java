// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectViewTest {

    private static final NamespacedName KEY = new NamespacedName("default", "a");

    private final Set<String> toldOf = ConcurrentHashMap.newKeySet();
    private EmbeddedApi api;
    private KubernetesClient client;
    private ObjectView<ConfigMap> view;

    @BeforeEach
    void start() {
        api = EmbeddedApi.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(api.url())
                        .withNamespace("default")
                        .build())
                .build();
        view = new ObjectView<>(client.configMaps().inAnyNamespace().runnableInformer(0));
        view.listen(object -> toldOf.add(object.getMetadata().getName()));
    }

    @AfterEach
    void stop() {
        view.close();
        client.close();
        api.close();
    }

    @Test
    void aWrittenObjectIsVisibleBeforeTheWatchReportsIt() {
        ConfigMap created = create("a");

        view.wrote(created);

        assertThat(view.get(KEY)).contains(created);
        assertThat(view.list("default")).containsExactly(created);
        assertThat(view.list("elsewhere")).isEmpty();
    }

    @Test
    void theLaterOfWrittenAndWatchedVersionCounts() {
        view.start().toCompletableFuture().join();
        ConfigMap created = create("a");
        awaitTold("a");

        ConfigMap changed = client.resource(
                        created.edit().withData(Map.of("k", "2")).build())
                .update();
        await().until(() -> view.get(KEY).equals(Optional.of(changed)));
        view.wrote(created);

        assertThat(view.get(KEY)).contains(changed);
        assertThat(view.list("")).containsExactly(changed);
    }

    @Test
    void aResponseAfterTheWatchedDeletionDoesNotRestoreTheObject() {
        view.start().toCompletableFuture().join();
        ConfigMap created = create("a");
        awaitTold("a");
        client.resource(created).delete();
        create("b");
        awaitTold("b");

        view.wrote(created);

        assertThat(view.get(KEY)).isEmpty();
        assertThat(view.list("default").map(NamespacedName::of)).containsExactly(new NamespacedName("default", "b"));
    }

    @Test
    void objectsDeletedDuringAnOutageAreRemovedByTheNextList() {
        ConfigMap created = create("a");
        view.wrote(created);
        client.resource(created).delete();

        view.start().toCompletableFuture().join();

        assertThat(view.get(KEY)).isEmpty();
        assertThat(view.list("default")).isEmpty();
    }

    private ConfigMap create(String name) {
        return client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName(name)
                        .endMetadata()
                        .addToData("k", "1")
                        .build())
                .create();
    }

    private void awaitTold(String name) {
        await().until(() -> toldOf.contains(name));
    }
}
