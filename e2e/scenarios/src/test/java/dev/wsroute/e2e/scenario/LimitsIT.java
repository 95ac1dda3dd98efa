// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.UpgradeRefusedException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients above a limit are refused with a status that tells them to retry; others are not affected. */
@Scenario
class LimitsIT {

    @Test
    @DisplayName("I1: a client beyond its share gets 429 and Retry-After; a changed limit closes nothing")
    void connectionsOfOneClient(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        // Looked up before there is a limit, since the lookup connects to the proxy.
        URI uri = route.uri();
        route.apply(limits("connectionsPerClient: 5"));
        route.awaitReady();
        TestClient testClient = space.testClient();
        Fleet fleet = space.fleet(uri, 5);

        UpgradeRefusedException refusal = testClient.refusal(uri);
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.header("retry-after")).isPresent();

        route.apply(limits("connectionsPerClient: 7"));
        route.awaitReady();
        fleet.grow(2);
        assertThat(testClient.refusal(uri).status()).isEqualTo(429);

        route.apply(limits("connectionsPerClient: 1"));
        route.awaitReady();
        assertThat(testClient.refusal(uri).status()).isEqualTo(429);
        Closes.assertNone(fleet.members());
    }

    @Test
    void aFullProxyRefusesAndServesAgainWhenAConnectionEnds(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        URI uri = route.uri();
        route.apply(limits("connectionsPerProxy: 10"));
        route.awaitReady();
        TestClient testClient = space.testClient();
        Fleet fleet = space.fleet(uri, 10);

        UpgradeRefusedException refusal = testClient.refusal(uri);
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.header("retry-after")).isPresent();
        Closes.assertNone(fleet.members());

        fleet.members().get(0).connection().close();
        await("a free place")
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> testClient.connectedPod(uri, Map.of()), name -> !name.isEmpty());
    }

    @Test
    void aRushIsLetInAtTheRateThatIsAllowed(Space space) {
        space.backend("chat", 1);
        Route route =
                space.apply("chat", limits("handshakesPerSecondPerProxy: 10")).awaitReady();
        TestClient testClient = space.testClient();
        URI uri = route.uri();

        List<Integer> statuses = new ArrayList<>(testClient.rush(uri, 60));

        assertThat(statuses).containsOnly(101, 503);
        assertThat(statuses.stream().filter(status -> status == 101).count()).isBetween(10L, 59L);
        await("the rush is over")
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> testClient.connectedPod(uri, Map.of()), name -> !name.isEmpty());
    }

    private static Spec limits(String limit) {
        return Spec.to("chat").proxy("limits: {" + limit + "}");
    }
}
