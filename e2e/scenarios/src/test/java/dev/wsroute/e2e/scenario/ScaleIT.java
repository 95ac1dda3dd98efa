// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Idle connections while endpoints and the route change. */
@Scenario
class ScaleIT {

    @Test
    @DisplayName("I1: 1,000 idle connections live through 10 endpoint changes and 5 route edits in 20 s")
    void aThousandConnectionsInTwentySeconds(Space space) throws InterruptedException {
        churn(space, 1_000, Duration.ofSeconds(20), 10, 5);
    }

    @Test
    @Tag("full")
    @DisplayName("I1: 5,000 idle connections live through 50 endpoint changes and 20 route edits in two minutes")
    void fiveThousandConnectionsInTwoMinutes(Space space) throws InterruptedException {
        churn(space, 5_000, Duration.ofMinutes(2), 50, 20);
    }

    /**
     * Connections to the proxies themselves, bypassing the Service. The changes affect other pods than the one that the
     * connections use: backends are added and removed beside it.
     */
    private static void churn(Space space, int connections, Duration time, int endpointChanges, int edits)
            throws InterruptedException {
        space.backend("chat", 1);
        EchoBackend canary = space.backend("canary", 0);
        Route route = space.apply("chat", Spec.to("chat").alsoTo("canary").replicas(2))
                .awaitReady();
        List<Pod> proxies = route.proxies();
        List<String> proxyNames = route.proxyNames();
        Fleet one = space.fleet(Route.uriOf(proxies.get(0)), connections / 2);
        Fleet other = space.fleet(Route.uriOf(proxies.get(1)), connections - connections / 2);

        long start = System.nanoTime();
        int changed = 0;
        int edited = 0;
        for (int tick = 1; tick <= endpointChanges + edits; tick++) {
            if ((long) tick * edits / (endpointChanges + edits) > edited) {
                edited++;
                route.apply(Spec.to("chat").alsoTo("canary").replicas(2).idle(edited + "h"));
            } else {
                changed++;
                canary.scale(changed % 2);
            }
            long next = start + time.toNanos() * tick / (endpointChanges + edits);
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }

        assertThat(changed).isEqualTo(endpointChanges);
        assertThat(edited).isEqualTo(edits);
        route.awaitReady();
        Closes.assertNone(one.members());
        Closes.assertNone(other.members());
        assertThat(one.members()).hasSize(connections / 2);
        assertThat(one.members().get(0).connection().ask("still there?").join()).isEqualTo("still there?");
        assertThat(route.proxyNames()).isEqualTo(proxyNames);
    }
}
