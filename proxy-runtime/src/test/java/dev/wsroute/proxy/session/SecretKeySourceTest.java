package dev.wsroute.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.proxy.testkit.MockApi;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecretListBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
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

    private final MockApi api = new MockApi();
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
    void the_key_is_offered_as_listed_and_as_it_changes() throws Exception {
        list("1", secret("1", base64("one")));
        watch("1", new WatchEvent(secret("2", base64("two")), "MODIFIED"));

        start();

        assertThat(next()).isEqualTo("key one");
        assertThat(next()).isEqualTo("key two");
    }

    @Test
    void a_secret_that_is_deleted_or_lacks_its_key_is_one_sentence() throws Exception {
        list("1");
        watch(
                "1",
                new WatchEvent(secret("2", null), "ADDED"),
                new WatchEvent(secret("3", "no base64!"), "MODIFIED"),
                new WatchEvent(secret("4", base64("one")), "DELETED"));

        start();

        assertThat(next()).isEqualTo("The Secret apps/chat-key with the key of session cookies does not exist (yet)");
        assertThat(next()).isEqualTo("The Secret apps/chat-key has no key key for session cookies");
        assertThat(next()).isEqualTo("The key key of the Secret apps/chat-key is not base64");
        assertThat(next()).isEqualTo("The Secret apps/chat-key with the key of session cookies was deleted");
    }

    private static Secret secret(String version, @Nullable String value) {
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName("chat-key")
                .withResourceVersion(version)
                .endMetadata();
        return value == null ? secret.build() : secret.addToData("key", value).build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void list(String version, Secret... secrets) {
        api.server()
                .expect()
                .get()
                .withPath(SECRETS + FIELD)
                .andReturn(
                        200,
                        new SecretListBuilder()
                                .withNewMetadata()
                                .withResourceVersion(version)
                                .endMetadata()
                                .withItems(secrets)
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
                .withPath(SECRETS + "allowWatchBookmarks=true&" + FIELD + "&resourceVersion=" + from
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
        source.start(new KeySource.Sink() {
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
