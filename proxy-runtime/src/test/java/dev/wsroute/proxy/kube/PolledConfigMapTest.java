// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.ScriptedApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolledConfigMapTest {

    private static final String TARGET =
            "/api/v1/namespaces/apps/configmaps?fieldSelector=metadata.name%3Dchat-proxy-report";
    private static final Duration EVERY = Duration.ofSeconds(20);

    private final ScriptedApi api = new ScriptedApi();
    private final ManualScheduler worker = new ManualScheduler();
    private final List<Map<String, String>> received = new ArrayList<>();
    private final PolledConfigMap polled =
            new PolledConfigMap(api.client(), "apps", "chat-proxy-report", EVERY, worker);

    @AfterEach
    void stop() {
        polled.close();
        api.close();
    }

    @Test
    void itIsListedByNameAtTheInterval() throws Exception {
        list("one");
        list("two");
        polled.start(received::add);
        worker.advance(Duration.ZERO);
        assertThat(received).containsExactly(Map.of("pod", "one"));
        assertThat(api.request().line()).isEqualTo("GET " + TARGET);

        // Three quarters of the interval at least, five quarters at most.
        worker.advance(Duration.ofSeconds(15).minusMillis(1));
        assertThat(received).hasSize(1);
        worker.advance(Duration.ofSeconds(10));
        assertThat(received).containsExactly(Map.of("pod", "one"), Map.of("pod", "two"));
    }

    @Test
    void whatIsMissingOrForbiddenIsAskedForAgain() {
        api.list(TARGET, 200, "1", List.of());
        api.answer("GET " + TARGET, 403, "{\"kind\":\"Status\",\"code\":403,\"message\":\"it is forbidden\"}");
        list("three");
        polled.start(received::add);
        worker.advance(Duration.ofSeconds(50));

        assertThat(received).containsExactly(Map.of("pod", "three"));
    }

    @Test
    void aClosedOneIsAskedForNoMore() {
        list("one");
        list("two");
        polled.start(received::add);
        worker.advance(Duration.ZERO);

        polled.close();
        worker.advance(Duration.ofMinutes(5));

        assertThat(received).hasSize(1);
        assertThat(worker.pending()).isZero();
    }

    private void list(String value) {
        api.list(
                TARGET,
                200,
                "1",
                List.of("{\"metadata\":{\"name\":\"chat-proxy-report\"},\"data\":{\"pod\":\"" + value + "\"}}"));
    }
}
