// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Fleet;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may connect, on running proxies. */
@Scenario
class AccessIT {

    private static final String ACCESS = "access: {allowedOrigins: ['https://%s'], requireOrigin: true}";
    private static final Map<String, String> APP = Map.of("Origin", "https://app.example.com");
    private static final Map<String, String> OTHER = Map.of("Origin", "https://other.example.com");

    @Test
    @DisplayName("I1, I8: a list of origins applies at once, to new connections only, and restarts no proxy")
    void originsAreHot(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        URI uri = route.uri();
        TestClient client = space.testClient();
        Fleet fleet = space.fleet(uri, 10);
        Map<String, List<Integer>> restarts = route.restarts();

        route.apply(Spec.to("chat").rule(ACCESS.formatted("app.example.com")));
        route.awaitReady();
        assertThat(client.refusal(uri).status()).isEqualTo(403);
        assertThat(client.refusal(uri, OTHER).status()).isEqualTo(403);
        assertThat(client.connectedPod(uri, APP)).isNotEmpty();

        route.apply(Spec.to("chat").rule(ACCESS.formatted("other.example.com")));
        route.awaitReady();
        assertThat(client.refusal(uri, APP).status()).isEqualTo(403);
        assertThat(client.connectedPod(uri, OTHER)).isNotEmpty();

        route.apply(Spec.to("chat"));
        route.awaitReady();
        assertThat(client.connectedPod(uri, Map.of())).isNotEmpty();
        assertThat(route.restarts()).isEqualTo(restarts);
        Closes.assertNone(fleet.members());
    }
}
