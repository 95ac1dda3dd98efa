// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Fleet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Edits that a running proxy applies without a restart. */
@Scenario
class HotEditsIT {

    @Test
    @DisplayName("I1, I8: edits of hosts, weights, rules and the Service restart no proxy and close no connection")
    void editsOfWhatIsHot(Space space) {
        EchoBackend blue = new EchoBackend(space, "blue");
        EchoBackend green = new EchoBackend(space, "green");
        blue.create(1);
        green.create(1);
        blue.awaitReady(1);
        green.awaitReady(1);
        Route route = space.apply("chat", spec()).awaitReady();
        List<Fleet> fleets = route.proxies().stream()
                .map(proxy -> space.fleet(Route.uriOf(proxy), 10))
                .toList();
        Map<String, List<Integer>> restarts = route.restarts();
        assertThat(restarts).hasSize(2);

        edits().forEach((edit, spec) -> {
            long generation = route.get().getMetadata().getGeneration();
            route.apply(spec);
            route.awaitReady();

            assertThat(route.get().getMetadata().getGeneration()).as(edit).isGreaterThan(generation);
            assertThat(route.restarts()).as(edit).isEqualTo(restarts);
            fleets.forEach(fleet -> Closes.assertNone(fleet.members()));
        });

        for (Fleet fleet : fleets) {
            assertThat(fleet.members())
                    .allSatisfy(member -> assertThat(
                                    member.connection().ask("still there").join())
                            .isEqualTo("still there"));
        }
    }

    /** Each spec differs from the previous one in one field. */
    private static Map<String, Spec> edits() {
        Map<String, Spec> edits = new LinkedHashMap<>();
        edits.put("a host name", spec().hostname("chat.example.com"));
        edits.put("another host name", spec().hostname("*.example.org"));
        edits.put("any host", spec());
        edits.put("weights", spec().weight(9));
        edits.put("a weight of nothing", spec().weight(0));
        edits.put("plain HTTP refused", spec().weight(0).plainHttp("Reject"));
        edits.put("a second rule", spec().plainHttp("Reject").secondRule("/second/", false));
        edits.put("the second rule first", spec().plainHttp("Reject").secondRule("/second/", true));
        edits.put("an annotation of the Service", spec().service("LoadBalancer", "one"));
        edits.put("a Service at the nodes' ports", spec().service("NodePort", "one"));
        edits.put("a Service within", spec().service("ClusterIP", "two"));
        return edits;
    }

    private static Spec spec() {
        return Spec.to("blue").alsoTo("green").replicas(2);
    }
}
