// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static dev.wsroute.proxy.testkit.Documents.slices;
import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.testkit.FakeConnection;
import dev.wsroute.proxy.testkit.RecordingShedder;
import dev.wsroute.proxy.testkit.RecordingShedder.Shed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionDrainerTest {

    private static final SourceKey CHAT = new SourceKey.Slices("apps", "chat", "ws");
    private static final SourceKey ELSEWHERE = new SourceKey.Slices("shared", "chat", "ws");
    private static final SourceKey OTHER = new SourceKey.Slices("apps", "other", "ws");

    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final RecordingShedder shedder = new RecordingShedder();
    private final ConnectionDrainer drainer = new ConnectionDrainer(connections, shedder, Runnable::run);

    ConnectionDrainerTest() {
        connections.addListener(drainer::opened);
    }

    @Test
    void onlyTheConnectionsOfTheLeavingEndpointAreShedOverTheirRulesWindow() {
        drainer.applied(config(route(
                "r",
                List.of(),
                rule("slow", List.of(), null, Duration.ofSeconds(30), slices("chat")),
                rule("fast", List.of(), null, Duration.ofSeconds(3), slices("chat")))));
        FakeConnection slow = open("r", "slow", CHAT, "one");
        FakeConnection fast = open("r", "fast", CHAT, "one");
        open("r", "slow", CHAT, "two");

        drainer.leaving(CHAT, key("one"));

        assertThat(shedder.calls())
                .containsExactlyInAnyOrder(
                        new Shed(List.of(slow), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(30)),
                        new Shed(List.of(fast), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(3)));
    }

    @Test
    void anEndpointThatLeavesOneServiceKeepsTheConnectionsMadeThroughAnother() {
        drainer.applied(config(route("r", List.of(), rule("all", List.of(), slices("chat"), slices("other")))));
        open("r", "all", OTHER, "one");

        drainer.leaving(CHAT, key("one"));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void anEndpointThatLeavesARulesBackendKeepsTheConnectionsOfAnotherRulesBackendOfThatName() {
        drainer.applied(config(route(
                "r",
                List.of(),
                rule("live", List.of(), slices("chat")),
                rule(
                        "health",
                        List.of(),
                        new BackendConfig("service/chat:ws", 1, slices("other").endpointSlices(), null)))));
        open("r", "live", CHAT, "one");

        drainer.leaving(OTHER, key("one"));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void aRemovedRouteShedsItsConnectionsOverTheProxysWindow() {
        drainer.applied(config(
                route("stays", List.of("a"), rule("all", List.of(), slices("chat"))),
                route("goes", List.of("b"), rule("all", List.of(), slices("chat")))));
        open("stays", "all", CHAT, "one");
        FakeConnection gone = open("goes", "all", CHAT, "one");

        drainer.applied(config(route("stays", List.of("a"), rule("all", List.of(), slices("chat")))));

        assertThat(shedder.calls())
                .containsExactly(new Shed(List.of(gone), CloseReason.ROUTE_REMOVED, Duration.ofSeconds(60)));
    }

    @Test
    void anEditedRouteShedsNothing() {
        drainer.applied(config(route("r", List.of("a"), rule("all", List.of(), slices("chat")))));
        open("r", "all", CHAT, "one");

        drainer.applied(config(route("r", List.of("b"), rule("renamed", List.of(), slices("other")))));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void aBackendOfAnotherNamespaceThatGoesTakesItsConnectionsWithIt() {
        drainer.applied(config(route(
                "apps/r",
                List.of(),
                rule("all", List.of(), null, Duration.ofSeconds(7), slices("chat"), elsewhere("ws")))));
        open("apps/r", "all", CHAT, "one");
        FakeConnection gone = open("apps/r", "all", ELSEWHERE, "two");

        drainer.applied(config(
                route("apps/r", List.of(), rule("all", List.of(), null, Duration.ofSeconds(7), slices("other")))));
        drainer.applied(config(route("apps/r", List.of(), rule("all", List.of(), slices("other")))));

        assertThat(shedder.calls())
                .containsExactly(new Shed(List.of(gone), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(7)));

        FakeConnection late = open("apps/r", "all", ELSEWHERE, "three");
        drainer.forget(inUse -> true);
        drainer.opened(gone);
        assertThat(shedder.calls())
                .hasSize(2)
                .element(1)
                .extracting(Shed::connections)
                .isEqualTo(List.of(late));
    }

    @Test
    void aBackendOfAnotherNamespaceStaysAsLongAsAnyRuleNamesItsService() {
        drainer.applied(config(route("apps/r", List.of(), rule("all", List.of(), elsewhere("ws")))));
        open("apps/r", "all", ELSEWHERE, "one");

        drainer.applied(config(route("apps/r", List.of(), rule("renamed", List.of(), elsewhere("renamed")))));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void aRouteOfAFileIsInNoNamespace() {
        drainer.applied(config(route("r", List.of(), rule("all", List.of(), elsewhere("ws")))));
        open("r", "all", ELSEWHERE, "one");

        drainer.applied(config(route("r", List.of(), rule("all", List.of(), slices("chat")))));

        assertThat(shedder.calls()).isEmpty();
    }

    private static BackendConfig elsewhere(String portName) {
        return new BackendConfig("service/shared/chat:ws", 1, new EndpointSliceRef("shared", "chat", portName), null);
    }

    @Test
    void aConnectionOpenedWhileItsEndpointLeftIsClosedAndNoneIsClosedTwice() {
        drainer.applied(config(route(
                "r", List.of(), rule("all", List.of(), slices("chat")), rule("another", List.of(), slices("chat")))));
        FakeConnection early = open("r", "all", CHAT, "one");
        drainer.leaving(CHAT, key("one"));
        drainer.forget(inUse -> true);

        FakeConnection late = open("r", "another", CHAT, "one");
        drainer.opened(early);
        drainer.opened(late);

        assertThat(shedder.calls()).hasSize(2);
        assertThat(shedder.calls().get(0).connections()).hasSize(1).allMatch(asked -> asked == early);
        assertThat(shedder.calls().get(1).connections()).hasSize(1).allMatch(asked -> asked == late);
    }

    @Test
    void aConnectionWhoseRouteWentWhileItWasBeingOpenedIsAskedHoweverLate() {
        drainer.applied(config(route("r", List.of(), rule("all", List.of(), slices("chat")))));
        drainer.applied(config());
        drainer.forget(inUse -> true);

        FakeConnection late = open("r", "all", CHAT, "one");

        assertThat(shedder.calls())
                .containsExactly(new Shed(List.of(late), CloseReason.ROUTE_REMOVED, Duration.ofSeconds(60)));
    }

    @Test
    void aConnectionMadeToATerminatingEndpointForWantOfOthersIsKept() {
        drainer.applied(config(route("r", List.of(), rule("all", List.of(), slices("chat")))));
        drainer.leaving(CHAT, key("one"));

        connections.add(new FakeConnection("r", "all", CHAT, key("one"), true));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void leftEndpointsAreForgottenOnceTheyHaveNoConnections() {
        drainer.applied(config(route("r", List.of(), rule("all", List.of(), slices("chat")))));
        for (int i = 0; i < 100; i++) {
            drainer.leaving(CHAT, key("pod-" + i));
        }
        drainer.forget(endpoint -> endpoint.equals(key("pod-7")));
        assertThat(drainer.remembered()).isEqualTo(1);

        FakeConnection late = open("r", "all", CHAT, "pod-7");
        assertThat(shedder.calls())
                .hasSize(1)
                .first()
                .matches(call -> call.connections().get(0) == late);

        connections.remove(late);
        drainer.forget(inUse -> false);
        assertThat(drainer.remembered()).isZero();
    }

    @Test
    void anEndpointOrRouteThatReturnsKeepsItsNewConnections() {
        var chat = config(route("r", List.of(), rule("all", List.of(), slices("chat"))));
        drainer.applied(chat);
        drainer.leaving(CHAT, key("one"));
        drainer.changed(CHAT, EndpointSet.of(List.of(ready("one"))));
        drainer.applied(config());
        drainer.applied(chat);

        open("r", "all", CHAT, "one");

        assertThat(shedder.calls()).isEmpty();
    }

    private FakeConnection open(String route, String rule, SourceKey source, String endpoint) {
        FakeConnection connection = new FakeConnection(route, rule, source, key(endpoint));
        connections.add(connection);
        return connection;
    }
}
