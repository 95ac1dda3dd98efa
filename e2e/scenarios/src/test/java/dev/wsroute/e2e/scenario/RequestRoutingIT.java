// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.WebSocketConnection;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which rule matches a request, and how the request is changed. */
@Scenario
class RequestRoutingIT {

    private static final String CANARY = """
            name: canary
            matches:
            - headers: [{name: x-track, value: canary}]
            - subprotocols: [chat.v2]
            backendRefs:
            - service: {name: canary, port: ws}
            """;

    @Test
    void aCanaryIsSelectedOnlyByAHeaderOrSubprotocol(Space space) {
        EchoBackend stable = new EchoBackend(space, "stable");
        EchoBackend canary = new EchoBackend(space, "canary");
        stable.create(1);
        canary.create(1);
        stable.awaitReady(1);
        canary.awaitReady(1);
        URI uri = space.apply("chat", Spec.to("stable").ruleBefore(CANARY))
                .awaitReady()
                .uri();
        TestClient testClient = space.testClient();

        assertThat(testClient.connectedPod(uri, Map.of())).isIn(stable.stayingNames());
        assertThat(testClient.connectedPod(uri, Map.of("X-Track", "stable"))).isIn(stable.stayingNames());
        assertThat(testClient.connectedPod(uri, Map.of("Sec-WebSocket-Protocol", "chat.v1")))
                .isIn(stable.stayingNames());
        assertThat(testClient.connectedPod(uri, Map.of("X-Track", "canary"))).isIn(canary.stayingNames());
        WebSocketConnection second = testClient.open(uri, "?hello", Map.of("Sec-WebSocket-Protocol", "chat.v2"));
        assertThat(TestClient.greeting(second)).isIn(canary.stayingNames());
        assertThat(second.header("sec-websocket-protocol")).contains("chat.v2");
    }

    @Test
    @DisplayName("I1: paths, hosts and headers are changed as the rule says, from the next request on")
    void requestsAndResponsesAreChangedByTheRule(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", rewriting("/v2")).awaitReady();
        URI uri = route.uri();
        TestClient testClient = space.testClient();

        WebSocketConnection before = testClient.open(uri, "ws/a%2Fb?head&x=%20", Map.of("X-Secret", "1"));
        assertThat(List.of(TestClient.greeting(before).split("\n")))
                .startsWith("GET /v2/a%2Fb?head&x=%20")
                .contains("host: chat.internal", "x-edge: wsroute")
                .contains("x-forwarded-host: " + uri.getAuthority())
                .noneMatch(header -> header.startsWith("x-secret:"));
        assertThat(before.header("x-served")).contains("here");

        route.apply(rewriting("/"));
        route.awaitReady();

        assertThat(testClient.headAt(uri, "ws/a?head", Map.of())).startsWith("GET /a?head\n");
        assertThat(before.ask("still there").join()).isEqualTo("still there");
    }

    private static Spec rewriting(String prefix) {
        return Spec.to("chat").path("/ws").rule("""
                        urlRewrite: {path: {replacePrefixMatch: %s}, hostname: chat.internal}
                        requestHeaderModifier: {set: [{name: x-edge, value: wsroute}], remove: [x-secret]}
                        responseHeaderModifier: {set: [{name: x-served, value: here}]}
                        """.formatted(prefix));
    }
}
