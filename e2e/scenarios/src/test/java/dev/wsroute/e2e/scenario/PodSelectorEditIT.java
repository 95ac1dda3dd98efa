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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An edit moves a route to other pods. The former pods keep their connections for a while. */
@Scenario
class PodSelectorEditIT {

    private static final Duration DRAIN = Duration.ofSeconds(4);

    @Test
    @DisplayName("I1, I4: another selector leaves live connections alone, fails no new one, and old pods drain as ever")
    void theSelectorIsEdited(Space space) {
        EchoBackend blue = new EchoBackend(space, "blue");
        EchoBackend green = new EchoBackend(space, "green");
        blue.create(2);
        green.create(1);
        blue.awaitReady(2);
        green.awaitReady(1);
        Route route = space.apply("chat", Spec.toPods("blue").roundRobin()).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 100);
        ProxyLogs logs = space.follow(route);
        Arrivals arrivals = space.arrivals(route.uri());
        assertThat(arrivals.await(10)).isSubsetOf(blue.stayingNames());

        route.apply(Spec.toPods("green").roundRobin());
        route.awaitCondition("Programmed", "True");

        awaitArrivalsAt(arrivals, green);
        Closes.assertNone(fleet.members());

        Fleet newcomers = space.fleet(route.uri(), 10);
        blue.scale(0);

        assertDrained(fleet.members(), logs);
        arrivals.assertNoneFailed();
        Closes.assertNone(newcomers.members());
    }

    @Test
    @DisplayName("I1, I4: a selector that is taken away leaves live connections alone until its pods go")
    void aSelectorIsRemoved(Space space) {
        EchoBackend blue = new EchoBackend(space, "blue");
        EchoBackend green = new EchoBackend(space, "green");
        blue.create(1);
        green.create(1);
        blue.awaitReady(1);
        green.awaitReady(1);
        Route route = space.apply(
                        "chat", Spec.toPods("green").alsoToPods("blue").roundRobin())
                .awaitReady();
        Fleet fleet = space.fleet(route.uri(), 120);
        ProxyLogs logs = space.follow(route);
        List<Member> leaving = with(fleet, blue);
        assertThat(leaving).hasSizeBetween(40, 80);
        Arrivals arrivals = space.arrivals(route.uri());

        route.apply(Spec.toPods("green").roundRobin());
        route.awaitCondition("Programmed", "True");

        awaitArrivalsAt(arrivals, green);
        Closes.assertNone(fleet.members());

        blue.scale(0);

        assertDrained(leaving, logs);
        arrivals.assertNoneFailed();
        Closes.assertNone(with(fleet, green));
    }

    private static void awaitArrivalsAt(Arrivals arrivals, EchoBackend backend) {
        await("arrivals at the pods that the route names now")
                .until(() -> backend.stayingNames().containsAll(arrivals.await(20)));
    }

    private static void assertDrained(List<Member> leaving, ProxyLogs logs) {
        List<Closure> closures = Closes.await(leaving);
        Closes.assertCode(closures, 1012);
        Closes.assertEven(logs.await(leaving.size(), because("backend_leaving")), DRAIN);
    }

    private static List<Member> with(Fleet fleet, EchoBackend backend) {
        List<String> pods = backend.stayingNames();
        return fleet.members().stream()
                .filter(member -> pods.contains(member.backend()))
                .toList();
    }
}
