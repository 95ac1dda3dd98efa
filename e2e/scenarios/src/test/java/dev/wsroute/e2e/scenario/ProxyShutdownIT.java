// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static dev.wsroute.e2e.scenario.LoggedClose.because;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A proxy pod is deleted or replaced. */
@Scenario
class ProxyShutdownIT {

    @Test
    @DisplayName("I2, I9: a proxy that is deleted sheds evenly with 1001, and another proxy's clients notice nothing")
    void aProxyIsDeleted(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();
        List<Pod> proxies = route.proxies();
        Fleet leaving = space.fleet(Route.uriOf(proxies.get(0)), 100);
        ProxyLogs logs = space.follow(route);
        Fleet staying = space.fleet(Route.uriOf(proxies.get(1)), 20);

        space.client().resource(proxies.get(0)).delete();

        List<Closure> closures = Closes.await(leaving.members());
        Closes.assertCode(closures, 1001);
        Closes.assertEven(logs.await(100, because("proxy_shutdown")), Duration.ofSeconds(4));
        Closes.assertNone(staying.members());
        route.await(
                "two proxies again",
                current -> route.proxies().stream().filter(EchoBackend::isReady).count() == 2);
        assertThat(space.fleet(route.uri()).grow(10)).hasSize(10);
    }

    /** The old pod applies the new configuration at once, but keeps its original grace period. */
    @Test
    @DisplayName(
            "I2, I9: a longer drain rolls the proxies, and the old ones leave evenly within the time that they have")
    void theDrainIsEdited(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Pod old = route.proxies().get(0);
        Fleet fleet = space.fleet(route.uri(), 100);
        ProxyLogs logs = space.follow(route);
        Arrivals arrivals = space.arrivals(route.uri());
        arrivals.await(1);

        try (PodEnd end = new PodEnd(space, old)) {
            route.apply(Spec.to("chat").shutdownOver("60s"));

            List<Closure> closures = Closes.await(fleet.members());
            Closes.assertCode(closures, 1001);
            Closes.assertEven(logs.await(100, because("proxy_shutdown")), Duration.ofSeconds(4));
            assertThat(end.exitCodes()).containsOnly(0);
        }
        route.awaitReady();
        arrivals.assertNoneFailed();
        assertThat(route.proxies())
                .singleElement()
                .satisfies(pod -> assertThat(pod.getSpec().getTerminationGracePeriodSeconds())
                        .isGreaterThan(60));
    }
}
