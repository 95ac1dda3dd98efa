package dev.wsroute.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.testkit.MockApi;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapListBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.WatchEvent;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfigMapSourceTest {

    private static final String MAPS = "/api/v1/namespaces/apps/configmaps?";
    private static final String FIELD = "fieldSelector=metadata.name%3Dchat-proxy-config";

    private final MockApi api = new MockApi();
    private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(2);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final ConfigMapSource source = new ConfigMapSource(api.client(), "apps", "chat-proxy-config", worker);

    @AfterEach
    void stop() {
        source.close();
        worker.shutdownNow();
        api.close();
    }

    @Test
    void the_document_is_offered_as_listed_and_as_it_changes() throws Exception {
        list("1", map("1", "one"));
        watch("1", new WatchEvent(map("2", "two"), "MODIFIED"));

        start();

        assertThat(next()).isEqualTo("one JSON lenient");
        assertThat(next()).isEqualTo("two JSON lenient");
    }

    @Test
    void a_config_map_that_is_deleted_or_lacks_its_key_is_loss_of_news() throws Exception {
        list("1", map("1", "one"));
        watch("1", new WatchEvent(map("2", null), "MODIFIED"), new WatchEvent(map("3", "one"), "DELETED"));

        start();

        assertThat(next()).isEqualTo("one JSON lenient");
        assertThat(next()).isEqualTo("unavailable: The ConfigMap apps/chat-proxy-config has no key proxy-config.json");
        assertThat(next()).isEqualTo("unavailable: The ConfigMap apps/chat-proxy-config was deleted");
    }

    @Test
    void a_config_map_that_comes_later_is_offered() throws Exception {
        list("1");
        watch("1", new WatchEvent(map("2", "one"), "ADDED"));

        start();

        assertThat(next()).isEqualTo("unavailable: The ConfigMap apps/chat-proxy-config does not exist (yet)");
        assertThat(next()).isEqualTo("one JSON lenient");
    }

    private static ConfigMap map(String version, @Nullable String document) {
        ConfigMapBuilder map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName("chat-proxy-config")
                .withResourceVersion(version)
                .endMetadata();
        return document == null
                ? map.build()
                : map.addToData(ProxyConfig.DATA_KEY, document).build();
    }

    private void list(String version, ConfigMap... maps) {
        api.server()
                .expect()
                .get()
                .withPath(MAPS + FIELD)
                .andReturn(
                        200,
                        new ConfigMapListBuilder()
                                .withNewMetadata()
                                .withResourceVersion(version)
                                .endMetadata()
                                .withItems(maps)
                                .build())
                .once();
    }

    /** The mock server may close a watch between its events; the client then goes on from the one it has. */
    private void watch(String from, WatchEvent... events) {
        emit(from, events);
        for (int i = 1; i < events.length; i++) {
            HasMetadata last = (HasMetadata) events[i - 1].getObject();
            emit(last.getMetadata().getResourceVersion(), Arrays.copyOfRange(events, i, events.length));
        }
    }

    private void emit(String from, WatchEvent... events) {
        var emitted = api.server()
                .expect()
                .withPath(MAPS + "allowWatchBookmarks=true&" + FIELD + "&resourceVersion=" + from
                        + "&timeoutSeconds=600&watch=true")
                .andUpgradeToWebSocket()
                .open();
        Arrays.stream(events).forEach(event -> emitted.immediately().andEmit(event));
        emitted.done().once();
    }

    private String next() throws InterruptedException {
        String next = heard.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("something heard in time").isNotNull();
        return next;
    }

    private void start() {
        source.start(new ConfigSource.Sink() {
            @Override
            public void offer(ConfigText text) {
                heard.add(text.text() + " " + text.format() + (text.strict() ? " strict" : " lenient"));
            }

            @Override
            public void unavailable(String reason) {
                heard.add("unavailable: " + reason);
            }
        });
    }
}
