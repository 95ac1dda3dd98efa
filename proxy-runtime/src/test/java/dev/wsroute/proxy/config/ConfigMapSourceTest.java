// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.testkit.ScriptedApi;
import java.util.List;
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

    private final ScriptedApi api = new ScriptedApi();
    private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(2);
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final ConfigMapSource source = new ConfigMapSource(api.client(), "apps", "chat-proxy-config", worker);

    @AfterEach
    void stop() {
        source.close();
        worker.shutdownNow();
        api.close();
    }

    @Test
    void theDocumentIsOfferedAsListedAndAsItChanges() throws Exception {
        list("1", map("1", "one"));
        watch("1", ScriptedApi.event("MODIFIED", map("2", "two")));

        start();

        assertThat(next()).isEqualTo("one JSON lenient");
        assertThat(next()).isEqualTo("two JSON lenient");
    }

    @Test
    void aConfigMapThatIsDeletedOrLacksItsKeyIsLossOfNews() throws Exception {
        list("1", map("1", "one"));
        watch("1", ScriptedApi.event("MODIFIED", map("2", null)), ScriptedApi.event("DELETED", map("3", "one")));

        start();

        assertThat(next()).isEqualTo("one JSON lenient");
        assertThat(next())
                .isEqualTo("unavailable: ConfigMap apps/chat-proxy-config has no data under proxy-config.json");
        assertThat(next()).isEqualTo("unavailable: ConfigMap apps/chat-proxy-config was deleted");
    }

    @Test
    void aConfigMapCreatedLaterIsOffered() throws Exception {
        list("1");
        watch("1", ScriptedApi.event("ADDED", map("2", "one")));

        start();

        assertThat(next()).isEqualTo("unavailable: ConfigMap apps/chat-proxy-config does not exist");
        assertThat(next()).isEqualTo("one JSON lenient");
    }

    private static String map(String version, @Nullable String value) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        map.putObject("metadata")
                .put("namespace", "apps")
                .put("name", "chat-proxy-config")
                .put("resourceVersion", version);
        if (value != null) {
            map.putObject("data").put(ProxyConfig.DATA_KEY, value);
        }
        return map.toString();
    }

    private void list(String version, String... objects) {
        api.list(MAPS + FIELD, 200, version, List.of(objects));
    }

    private void watch(String from, String... events) {
        api.watch(
                MAPS + "allowWatchBookmarks=true&" + FIELD + "&resourceVersion=" + from
                        + "&timeoutSeconds=600&watch=true",
                List.of(events));
    }

    private String next() throws InterruptedException {
        String next = received.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("something received in time").isNotNull();
        return next;
    }

    private void start() {
        source.start(new ConfigSource.ConfigSink() {
            @Override
            public void offer(ConfigText text) {
                received.add(text.text() + " " + text.format() + (text.strict() ? " strict" : " lenient"));
            }

            @Override
            public void unavailable(String reason) {
                received.add("unavailable: " + reason);
            }
        });
    }
}
