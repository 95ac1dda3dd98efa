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

/** Crowds that are asked to leave, and come back. */
@Scenario
class ReconnectIT {

    @Test
    @DisplayName("I2, I9: a rolling restart under 200 clients: each sees 1001, evenly, and comes back at once")
    void twoHundredClientsLiveThroughARollingRestart(Space space) {
        rollingRestart(space, 200, Duration.ofSeconds(4));
    }

    @Test
    @Tag("full")
    @DisplayName("I2, I9: a rolling restart under 2,000 clients: each sees 1001, evenly, and comes back at once")
    void twoThousandClientsLiveThroughARollingRestart(Space space) {
        rollingRestart(space, 2_000, Duration.ofSeconds(20));
    }

    @Test
    @Tag("full")
    @DisplayName("I2, I4: 2,000 connections of a leaving pod: each sees 1012, evenly over 20 s, and none is cut")
    void twoThousandConnectionsOfALeavingPod(Space space) {
        EchoBackend backend = new EchoBackend(space, "chat", 30);
        backend.create(1);
        backend.awaitReady(1);
        Route route =
                space.apply("chat", Spec.to("chat").rule("drain: {over: 20s}")).awaitReady();
        Fleet fleet = space.fleet(Route.uriOf(route.proxies().get(0)), 2_000);
        ProxyLogs logs = space.follow(route);
        List<Pod> leaving = backend.staying();
        backend.scale(2).awaitReady(2);

        space.client().resource(leaving.get(0)).delete();

        List<Closure> closures = Closes.await(fleet.members(), Duration.ofSeconds(40));
        Closes.assertCode(closures, 1012);
        Closes.assertEven(logs.await(2_000, because("backend_leaving")), Duration.ofSeconds(20));
    }

    /**
     * Half of the clients are at each of two proxies. Whoever is asked to leave connects anew, to a proxy that has been
     * restarted: of the old ones it is known then who was where.
     */
    private static void rollingRestart(Space space, int clients, Duration window) {
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

        route.apply(spec.proxy("podAnnotations: {restarted: now}"));

        Set<Member> back = new HashSet<>();
        Map<URI, Fleet> returned = new HashMap<>();
        Awaitility.await("all are back")
                .atMost(Duration.ofMinutes(2).plus(window.multipliedBy(2)))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    List<Member> asked = all.stream()
                            .filter(member -> !member.isOpen() && back.add(member))
                            .toList();
                    if (!asked.isEmpty()) {
                        returned.computeIfAbsent(Route.uriOf(restarted(route, oldNames)), space::fleet)
                                .grow(asked.size());
                    }
                    return back.size() == clients;
                });

        for (Fleet fleet : fleets) {
            List<Closure> closures = Closes.await(fleet.members(), Duration.ofSeconds(1));
            Closes.assertCode(closures, 1001);
        }
        for (String proxy : oldNames) {
            Predicate<LoggedClose> there = close -> close.proxy().equals(proxy);
            Closes.assertEven(logs.await(clients / 2, there.and(because("proxy_shutdown"))), window);
        }
        route.awaitReady();
        List<Member> newcomers = returned.values().stream()
                .flatMap(fleet -> fleet.members().stream())
                .toList();
        assertThat(newcomers).hasSize(clients);
        Closes.assertNone(newcomers);
    }

    private static Pod restarted(Route route, Set<String> oldNames) {
        return route.proxies().stream()
                .filter(proxy -> !oldNames.contains(proxy.getMetadata().getName()))
                .filter(EchoBackend::isReady)
                .findFirst()
                .orElseThrow(() -> new AssertionError("a proxy leaves though no new one is ready"));
    }
}
