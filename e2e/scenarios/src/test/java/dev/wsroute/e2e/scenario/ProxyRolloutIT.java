// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static dev.wsroute.e2e.scenario.LoggedClose.because;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A roll-out of the proxy: its resources are edited, and the pods are replaced one at a time. */
@Scenario
class ProxyRolloutIT {

    @Test
    @DisplayName("I2, I9: a roll-out of the proxy under 200 clients closes each with 1001, evenly, and all reconnect")
    void twoHundredClientsReconnectDuringARollout(Space space) {
        rollOut(space, 200, Duration.ofSeconds(4));
    }

    @Test
    @Tag("full")
    @DisplayName("I2, I9: a roll-out of the proxy under 2,000 clients closes each with 1001, evenly, and all reconnect")
    void twoThousandClientsReconnectDuringARollout(Space space) {
        rollOut(space, 2_000, Duration.ofSeconds(20));
    }

    /**
     * Each of two proxies has half of the clients. A client whose connection is closed reconnects to a new proxy instead of
     * the Service, so that the log of each old proxy contains only its original clients.
     */
    private static void rollOut(Space space, int clients, Duration window) {
        space.backend("chat", 2);
        Spec spec = Spec.to("chat").replicas(2).shutdownOver(window.toSeconds() + "s");
        Route route = space.apply("chat", spec).awaitReady();
        List<Pod> old = route.proxies();
        Set<String> oldNames = Set.copyOf(route.proxyNames());
        List<Fleet> fleets = old.stream()
                .map(proxy -> space.fleet(Route.uriOf(proxy), clients / 2))
                .toList();
        ProxyLogs logs = space.follow(route);
        List<Member> all =
                fleets.stream().flatMap(fleet -> fleet.members().stream()).toList();

        route.apply(spec.proxy("resources: {requests: {cpu: 20m}}"));

        Set<Member> closed = new HashSet<>();
        Map<URI, Fleet> reconnected = new HashMap<>();
        Awaitility.await("all clients have reconnected")
                .atMost(Duration.ofMinutes(2).plus(window.multipliedBy(2)))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    List<Member> newlyClosed = all.stream()
                            .filter(member -> !member.isOpen() && closed.add(member))
                            .toList();
                    if (!newlyClosed.isEmpty()) {
                        reconnected
                                .computeIfAbsent(Route.uriOf(replacement(route, oldNames)), space::fleet)
                                .grow(newlyClosed.size());
                    }
                    return closed.size() == clients;
                });

        for (Fleet fleet : fleets) {
            List<Closure> closures = Closes.await(fleet.members());
            Closes.assertCode(closures, 1001);
        }
        for (String proxy : oldNames) {
            Predicate<LoggedClose> ofProxy = close -> close.proxy().equals(proxy);
            Closes.assertEven(logs.await(clients / 2, ofProxy.and(because("proxy_shutdown"))), window);
        }
        route.awaitReady();
        List<Member> members = reconnected.values().stream()
                .flatMap(fleet -> fleet.members().stream())
                .toList();
        assertThat(members).hasSize(clients);
        Closes.assertNone(members);
    }

    private static Pod replacement(Route route, Set<String> oldNames) {
        return route.proxies().stream()
                .filter(proxy -> !oldNames.contains(proxy.getMetadata().getName()))
                .filter(EchoBackend::isReady)
                .findFirst()
                .orElseThrow(() -> new AssertionError("an old proxy closes connections although no new one is ready"));
    }
}
