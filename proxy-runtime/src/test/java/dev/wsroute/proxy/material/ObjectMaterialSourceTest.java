// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.proxy.testkit.ScriptedApi;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObjectMaterialSourceTest {

    private static final String SECRETS = "/api/v1/namespaces/apps/secrets?";
    private static final String CONFIG_MAPS = "/api/v1/namespaces/apps/configmaps?";
    private static final String FIELD = "fieldSelector=metadata.name%3Dchat";

    private final ScriptedApi api = new ScriptedApi();
    private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(2);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private @Nullable MaterialSource started;

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
        worker.shutdownNow();
        api.close();
    }

    private void start(MaterialSource source) {
        started = source;
        source.start(new MaterialSource.Sink() {
            @Override
            public void offer(Map<String, byte[]> data) {
                Map<String, String> text = new TreeMap<>();
                data.forEach((key, value) -> text.put(key, new String(value, StandardCharsets.UTF_8)));
                heard.add(text.toString());
            }

            @Override
            public void unavailable(String reason) {
                heard.add(reason);
            }
        });
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
    }

    private static String object(String version, String value) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata")
                .put("namespace", "apps")
                .put("name", "chat")
                .put("resourceVersion", version);
        object.putObject("data").put("tls.crt", value);
        return object.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSecretIsOfferedDecodedAsListedAndAsItChanges() throws Exception {
        api.list(SECRETS + FIELD, 200, "1", List.of(object("1", base64("one"))));
        api.watch(
                SECRETS + "allowWatchBookmarks=true&" + FIELD + "&resourceVersion=1&timeoutSeconds=600&watch=true",
                List.of(
                        ScriptedApi.event("MODIFIED", object("2", base64("two"))),
                        ScriptedApi.event("MODIFIED", object("3", "no base64!")),
                        ScriptedApi.event("DELETED", object("4", base64("two")))));

        start(ObjectMaterialSource.secret(api.client(), new ObjectRef("apps", "chat"), worker));

        assertThat(next()).isEqualTo("{tls.crt=one}");
        assertThat(next()).isEqualTo("{tls.crt=two}");
        assertThat(next()).isEqualTo("Secret apps/chat holds data that is not base64");
        assertThat(next()).isEqualTo("Secret apps/chat was deleted");
    }

    @Test
    void aConfigMapIsOfferedAsItIs() throws Exception {
        api.list(CONFIG_MAPS + FIELD, 200, "1", List.of(object("1", "one")));

        start(ObjectMaterialSource.configMap(api.client(), new ObjectRef("apps", "chat"), worker));

        assertThat(next()).isEqualTo("{tls.crt=one}");
    }

    @Test
    void aMissingObjectIsOneSentence() throws Exception {
        api.list(SECRETS + FIELD, 200, "1", List.of());

        start(ObjectMaterialSource.secret(api.client(), new ObjectRef("apps", "chat"), worker));

        assertThat(next()).isEqualTo("Secret apps/chat does not exist");
    }
}
