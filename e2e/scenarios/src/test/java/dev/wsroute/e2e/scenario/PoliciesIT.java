// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One policy for many routes, on running proxies (ADR 58). */
@Scenario
class PoliciesIT {

    private static final String AFFECTED = "wsroute.dev/WebSocketPolicyAffected";
    private static final Map<String, String> APP = Map.of("Origin", "https://app.example.com");
    private static final Map<String, String> OTHER = Map.of("Origin", "https://other.example.com");
    private static final String ONLY_APP = "{allowedOrigins: ['https://app.example.com']}";
    private static final String ONLY_OTHER = "{allowedOrigins: ['https://other.example.com']}";

    @Test
    @DisplayName("I1, I8: a policy applies to its routes at once, to new connections only, and restarts no proxy")
    void oneForTwoRoutes(Space space) {
        space.backend("chat", 1);
        Route one =
                space.apply("one", Spec.to("chat").secondRule("/second", true)).awaitReady();
        Route two = space.apply("two", Spec.to("chat").rule("access: " + ONLY_OTHER));
        two.apply(Spec.to("chat").secondRule("/second", true).rule("access: " + ONLY_OTHER));
        two.awaitReady();
        TestClient client = space.testClient();
        Fleet fleet = space.fleet(one.uri(), 10);
        Map<String, List<Integer>> restarts = one.restarts();
        assertThat(client.connectedPod(one.uri(), OTHER)).isNotEmpty();

        Policy policy = new Policy(space, "pages").apply(ONLY_APP, "one", "two", "gone");

        awaitRefused(client, one.uri(), OTHER);
        assertThat(client.connectedPod(one.uri(), APP)).isNotEmpty();
        // The second rule of the other route has no access of its own; the first has, and that goes before.
        awaitRefused(client, two.uri().resolve("/second"), OTHER);
        assertThat(client.connectedPod(two.uri(), OTHER)).isNotEmpty();
        assertThat(client.refusal(two.uri(), APP).status()).isEqualTo(403);
        await().untilAsserted(() -> assertThat(policy.messages())
                .containsExactly(
                        "It applies to: second, main.",
                        "It applies to: second. Rule main has access of its own.",
                        "WebSocketRoute gone does not exist in namespace " + space.namespace() + "."));
        assertThat(ArgoHealth.of(policy.resource().require()))
                .isEqualTo(new ArgoHealth(
                        "Progressing", "WebSocketRoute gone does not exist in namespace " + space.namespace() + "."));
        assertThat(one.awaitCondition(AFFECTED, "True").getMessage())
                .isEqualTo("WebSocketPolicy pages says who may connect to: second, main.");

        policy.delete();

        await().until(() -> connects(client, one.uri(), OTHER));
        await().until(() -> one.currentCondition(AFFECTED).isEmpty());
        assertThat(one.restarts()).isEqualTo(restarts);
        Closes.assertNone(fleet.members());
    }

    @Test
    void theOldestOfTwoIsInForceAndOneForARuleGoesBefore(Space space) {
        space.backend("chat", 1);
        Route route =
                space.apply("chat", Spec.to("chat").secondRule("/second", true)).awaitReady();
        TestClient client = space.testClient();
        Policy first = new Policy(space, "first").apply(ONLY_APP, "chat");
        awaitRefused(client, route.uri(), OTHER);
        Policy second = new Policy(space, "second").apply(ONLY_OTHER, "chat");

        await().untilAsserted(() -> assertThat(second.reasons()).containsExactly("Conflicted"));
        assertThat(ArgoHealth.of(second.resource().require()).status()).isEqualTo("Degraded");
        assertThat(ArgoHealth.of(first.resource().require()).status()).isEqualTo("Healthy");
        assertThat(client.refusal(route.uri(), OTHER).status()).isEqualTo(403);

        Policy named = new Policy(space, "rule").apply(ONLY_OTHER, "chat/second");
        await().until(() -> connects(client, route.uri().resolve("/second"), OTHER));
        assertThat(client.refusal(route.uri(), OTHER).status()).isEqualTo(403);
        await().untilAsserted(() -> assertThat(first.messages())
                .containsExactly("It applies to: main. Rule second has a policy that names it."));
        assertThat(named.reasons()).containsExactly("Accepted");

        first.delete();

        await().untilAsserted(() -> assertThat(second.reasons()).containsExactly("Accepted"));
        await().until(() -> connects(client, route.uri(), OTHER));
        awaitRefused(client, route.uri(), APP);
    }

    /** The API refuses what is invalid by itself; that the whole does not fit into a ConfigMap, only the operator finds out. */
    @Test
    void aPolicyThatNoRouteCanHaveKeepsTheLastConfiguration(Space space) {
        space.backend("chat", 1);
        Spec spec = Spec.to("chat");
        for (int i = 0; i < 60; i++) {
            spec.ruleBefore("{name: r%1$d, matches: [{path: {type: Exact, value: /r%1$d}}],".formatted(i)
                    + " backendRefs: [{service: {name: chat, port: ws}}]}");
        }
        Route route = space.apply("chat", spec).awaitReady();
        TestClient client = space.testClient();
        Policy policy = new Policy(space, "pages").apply(ONLY_APP, "chat");
        awaitRefused(client, route.uri(), OTHER);

        String many = IntStream.range(0, 63)
                .mapToObj(i -> "https://o" + i + ("." + "x".repeat(60)).repeat(4))
                .collect(Collectors.joining(", "));
        policy.apply("{allowedOrigins: ['https://other.example.com', " + many + "]}", "chat");

        assertThat(route.awaitCondition("Accepted", "False").getReason()).isEqualTo("TooLarge");
        assertThat(client.refusal(route.uri(), OTHER).status()).isEqualTo(403);
        assertThat(client.connectedPod(route.uri(), APP)).isNotEmpty();

        policy.apply(ONLY_OTHER, "chat");
        route.awaitCondition("Accepted", "True");
        await().until(() -> connects(client, route.uri(), OTHER));
    }

    private static void awaitRefused(TestClient client, URI uri, Map<String, String> headers) {
        await("refusal of " + headers + " at " + uri).until(() -> !connects(client, uri, headers));
        assertThat(client.refusal(uri, headers).status()).isEqualTo(403);
    }

    private static boolean connects(TestClient client, URI uri, Map<String, String> headers) {
        return client.status(uri, headers) == 101;
    }
}
