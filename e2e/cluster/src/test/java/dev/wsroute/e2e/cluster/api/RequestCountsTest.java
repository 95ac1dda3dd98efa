// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import dev.wsroute.e2e.cluster.api.http.RequestCounts.Request;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestCountsTest {

    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    private final EmbeddedApi api = EmbeddedApi.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void requestsAreCountedByProgramVerbAndResource() throws Exception {
        String map = "{\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"b\"}}";
        send("tester/1.0 (linux)", "POST", CONFIG_MAPS, "application/json", map);
        send("tester/2.0", "GET", CONFIG_MAPS, "application/json", "");
        send("tester/2.0", "GET", CONFIG_MAPS + "/one", "application/json", "");
        send("other", "PATCH", CONFIG_MAPS + "/one", "application/merge-patch+json", "{\"data\":{\"a\":\"c\"}}");
        send("other", "PATCH", CONFIG_MAPS + "/none", "application/merge-patch+json", "{}");
        send("other", "PUT", "/apis/apps/v1/namespaces/default/deployments/none/status", "application/json", "{}");
        send("other", "DELETE", CONFIG_MAPS + "/one", "application/json", "");

        RequestCounts.Snapshot counts = api.requests().snapshot();

        assertThat(counts.of("tester", request -> true))
                .isEqualTo(Map.of("create configmaps", 1L, "list configmaps", 1L, "get configmaps", 1L));
        assertThat(counts.of("other", Request::writes))
                .isEqualTo(
                        Map.of("patch configmaps", 2L, "update deployments.apps/status", 1L, "delete configmaps", 1L));
    }

    @Test
    void requestsAfterASnapshotAreCountedSeparately() throws Exception {
        send("tester", "GET", CONFIG_MAPS, "application/json", "");
        RequestCounts.Snapshot before = api.requests().snapshot();
        send("tester", "GET", CONFIG_MAPS, "application/json", "");
        send("tester", "GET", "/api/v1/services", "application/json", "");

        RequestCounts.Snapshot since = api.requests().snapshot().since(before);

        assertThat(since.sum(request -> request.program().equals("tester"))).isEqualTo(2);
        assertThat(since.sum(Request::writes)).isZero();
        assertThat(api.requests().snapshot().since(api.requests().snapshot()).counts())
                .isEmpty();
    }

    private void send(String userAgent, String method, String path, String type, String body) throws Exception {
        http.send(
                HttpRequest.newBuilder(URI.create(api.url() + path))
                        .header("User-Agent", userAgent)
                        .header("Content-Type", type)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }
}
