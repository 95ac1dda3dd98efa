// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static dev.wsroute.e2e.scenario.LoggedClose.because;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Backend pods are added, removed and killed. */
@Scenario
class BackendChangesIT {

    @Test
    @DisplayName("I1, I4: backends scaled up take connections at once, and live ones stay")
    void backendsScaledUp(Space space) {
        EchoBackend backend = space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 20);

        backend.scale(2).awaitReady(2);

        Fleet newcomers = space.fleet(route.uri());
        await("a connection on the new pod").pollInterval(Duration.ofMillis(20)).until(() -> {
            newcomers.grow(1);
            return Fleet.byBackend(newcomers.members()).keySet().containsAll(backend.stayingNames());
        });
        Closes.assertNone(fleet.members());
    }

    @Test
    @DisplayName("I1, I2, I4: a leaving pod's connections get 1012 evenly over drain.over, and no others do")
    void backendsScaledDown(Space space) {
        EchoBackend backend = space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat").roundRobin()).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 120);
        ProxyLogs logs = space.follow(route);

        backend.scale(1);
        await("a leaving pod").until(() -> backend.stayingNames().size() == 1);

        Set<String> staying = Set.copyOf(backend.stayingNames());
        List<Member> leaving = fleet.members().stream()
                .filter(member -> !staying.contains(member.backend()))
                .toList();
        assertThat(leaving).hasSizeBetween(50, 70);
        List<Closure> closures = Closes.await(leaving);
        Closes.assertCode(closures, 1012);
        Closes.assertEven(logs.await(leaving.size(), because("backend_leaving")), Duration.ofSeconds(4));
        Closes.assertNone(fleet.members().stream()
                .filter(member -> staying.contains(member.backend()))
                .toList());
        fleet.reconnect();
        assertThat(Fleet.byBackend(fleet.members()).keySet()).isEqualTo(staying);
    }

    @Test
    @DisplayName("I2: a killed backend becomes 1012 for its clients, and others notice nothing")
    void aBackendIsKilled(Space space) {
        EchoBackend backend = space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat").roundRobin()).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 20);
        Member messenger = fleet.members().get(0);
        List<Member> concerned = fleet.members().stream()
                .filter(member -> member.backend().equals(messenger.backend()))
                .toList();

        messenger.connection().send("/crash");

        Closes.assertCode(Closes.await(concerned), 1012);
        Closes.assertNone(fleet.members().stream()
                .filter(member -> !concerned.contains(member))
                .toList());
        fleet.reconnect();
        backend.awaitReady(2);
    }

    @Test
    void podsFoundByLabelsAreBackendsWithoutAService(Space space) {
        EchoBackend backend = space.backend("chat", 1);
        space.client()
                .services()
                .inNamespace(space.namespace())
                .withName("chat")
                .delete();
        Route route = space.apply("chat", Spec.toPods("chat")).awaitReady();

        Fleet fleet = space.fleet(route.uri(), 4);
        backend.scale(2).awaitReady(2);

        Fleet newcomers = space.fleet(route.uri());
        await("a connection on the new pod").until(() -> {
            newcomers.grow(1);
            return Fleet.byBackend(newcomers.members()).size() == 2;
        });
        Closes.assertNone(fleet.members());
        route.await(
                "two endpoints in the status",
                current -> current.getStatus().backends().get(0).ready() == 2);
    }

    @Test
    void aRouteWithoutBackendsIsReadyAndServesOnceThereIsOne(Space space) {
        EchoBackend backend = space.backend("chat", 0);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        assertThat(route.awaitCondition("BackendsAvailable", "False").getMessage())
                .contains("chat");

        backend.scale(1).awaitReady(1);

        route.awaitCondition("BackendsAvailable", "True");
        assertThat(space.fleet(route.uri()).grow(1)).hasSize(1);
    }
}
