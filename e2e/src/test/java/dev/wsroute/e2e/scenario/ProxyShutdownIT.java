package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A proxy pod goes. */
@Scenario
class ProxyShutdownIT {

    @Test
    @DisplayName("I2, I9: a proxy that is deleted sheds evenly with 1001, and another proxy's clients notice nothing")
    void aProxyIsDeleted(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();
        List<Pod> proxies = route.proxies();
        Fleet leaving = space.fleet(Route.uriOf(proxies.get(0)), 100);
        Fleet staying = space.fleet(Route.uriOf(proxies.get(1)), 20);

        space.client().resource(proxies.get(0)).delete();

        List<Closure> closures = Closes.await(leaving.members(), Duration.ofSeconds(15));
        Closes.assertCode(closures, 1001);
        Closes.assertEven(closures, Duration.ofSeconds(4));
        Closes.assertNone(staying.members());
        route.await(
                "two proxies again",
                current -> route.proxies().stream().filter(EchoBackend::isReady).count() == 2);
        assertThat(space.fleet(route.uri()).grow(10)).hasSize(10);
    }
}
