// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.WebSocketConnection;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A route with two proxies in front of an echo server, and clients of each: what one proxy does, the other has to do, too. */
final class TwoProxies {

    /** The operator fetches key sets at most once a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Route route;
    private final TestClient client;
    private final List<Pod> pods;
    private final Map<String, List<Integer>> restarts;

    private TwoProxies(Route route, TestClient client) {
        this.route = route;
        this.client = client;
        this.pods = route.proxies();
        this.restarts = route.restarts();
        assertThat(pods).hasSize(2);
    }

    /** Returns once the route is ready. */
    static TwoProxies start(Space space, Spec spec) {
        space.backend("chat", 1);
        Route route = space.apply("chat", spec.replicas(2)).awaitReady();
        return new TwoProxies(route, space.testClient());
    }

    Route route() {
        return route;
    }

    List<Pod> pods() {
        return pods;
    }

    private List<URI> uris() {
        return pods.stream().map(Route::uriOf).toList();
    }

    /** Waits until both answer a handshake with these headers so. */
    void awaitStatus(Map<String, String> headers, int status) {
        for (URI uri : uris()) {
            await("status " + status + " at " + uri)
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.status(uri, headers)).isEqualTo(status));
        }
    }

    /** Both answer a handshake with these headers so. */
    void assertStatus(Map<String, String> headers, int status) {
        assertThat(uris())
                .allSatisfy(uri -> assertThat(client.status(uri, headers)).isEqualTo(status));
    }

    /** Opens a WebSocket at each. */
    List<WebSocketConnection> open(Map<String, String> headers) {
        return open("", headers);
    }

    /** The same for another path, without the slash in front. */
    List<WebSocketConnection> open(String path, Map<String, String> headers) {
        return uris().stream().map(uri -> client.open(uri, path, headers)).toList();
    }

    /** All of them echo. */
    static void assertAlive(List<WebSocketConnection> connections) {
        assertThat(connections)
                .isNotEmpty()
                .allSatisfy(connection -> assertThat(connection
                                .ask("still here")
                                .orTimeout(1, TimeUnit.MINUTES)
                                .join())
                        .isEqualTo("still here"));
    }

    /** Neither has been restarted or replaced. */
    void assertSame() {
        assertThat(route.restarts()).isEqualTo(restarts);
    }
}
