// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.proxy.testkit.ScriptedApi;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecretKeySourceTest {

    private static final String SECRETS = "/api/v1/namespaces/apps/secrets?";
    private static final String FIELD = "fieldSelector=metadata.name%3Dchat-key";

    private final ScriptedApi api = new ScriptedApi();
    private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(2);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final SecretKeySource source =
            new SecretKeySource(api.client(), new SecretRef("apps", "chat-key", "key"), worker);

    @AfterEach
    void stop() {
        source.close();
        worker.shutdownNow();
        api.close();
    }

    @Test
    void theKeyIsOfferedAsListedAndAsItChanges() throws Exception {
        list("1", secret("1", base64("one")));
        watch("1", ScriptedApi.event("MODIFIED", secret("2", base64("two"))));

        start();

        assertThat(next()).isEqualTo("key one");
        assertThat(next()).isEqualTo("key two");
    }

    @Test
    void aSecretThatIsDeletedOrLacksItsKeyIsOneSentence() throws Exception {
        list("1");
        watch(
                "1",
                ScriptedApi.event("ADDED", secret("2", null)),
                ScriptedApi.event("MODIFIED", secret("3", "no base64!")),
                ScriptedApi.event("DELETED", secret("4", base64("one"))));

        start();

        assertThat(next()).isEqualTo("Secret apps/chat-key does not exist");
        assertThat(next()).isEqualTo("Secret apps/chat-key has no data under key");
        assertThat(next()).isEqualTo("Secret apps/chat-key holds data that is not base64");
        assertThat(next()).isEqualTo("Secret apps/chat-key was deleted");
    }

    private static String secret(String version, @Nullable String value) {
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.putObject("metadata")
                .put("namespace", "apps")
                .put("name", "chat-key")
                .put("resourceVersion", version);
        if (value != null) {
            secret.putObject("data").put("key", value);
        }
        return secret.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void list(String version, String... objects) {
        api.list(SECRETS + FIELD, 200, version, List.of(objects));
    }

    private void watch(String from, String... events) {
        api.watch(
                SECRETS + "allowWatchBookmarks=true&" + FIELD + "&resourceVersion=" + from
                        + "&timeoutSeconds=600&watch=true",
                List.of(events));
    }

    private String next() throws InterruptedException {
        String next = heard.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("something heard in time").isNotNull();
        return next;
    }

    private void start() {
        source.start(new KeySource.KeySink() {
            @Override
            public void offer(byte[] key) {
                heard.add("key " + new String(key, StandardCharsets.UTF_8));
            }

            @Override
            public void unavailable(String reason) {
                heard.add(reason);
            }
        });
    }
}
