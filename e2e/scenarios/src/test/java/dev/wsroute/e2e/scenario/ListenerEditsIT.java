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

/** A running pod cannot get a new port. */
@Scenario
class ListenerEditsIT {

    @Test
    @DisplayName(
            "I2, I9: an added listener rolls the proxies; Programmed waits until each ready one takes connections on it")
    void aListenerIsAdded(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Pod old = route.proxies().get(0);
        Fleet fleet = space.fleet(route.uri(), 100);
        ProxyLogs logs = space.follow(route);
        Arrivals arrivals = space.arrivals(route.uri());
        arrivals.await(1);

        route.apply(Spec.to("chat").listener("more", 8081));
        route.awaitCondition("Programmed", "True");

        List<Pod> ready = route.proxies().stream().filter(EchoBackend::isReady).toList();
        assertThat(ready).isNotEmpty();
        for (Pod proxy : ready) {
            assertThat(space.fleet(Route.uriOf(proxy, 8081)).grow(1)).hasSize(1);
        }
        assertThat(ready)
                .extracting(pod -> pod.getMetadata().getUid())
                .doesNotContain(old.getMetadata().getUid());
        List<Closure> closures = Closes.await(fleet.members());
        Closes.assertCode(closures, 1001);
        Closes.assertEven(logs.await(100, because("proxy_shutdown")), Duration.ofSeconds(4));
        route.awaitReady();
        arrivals.assertNoneFailed();
    }
}
