// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static dev.wsroute.e2e.scenario.LoggedClose.because;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Roll-outs of a backend: of the echo servers in the first example, and of a Deployment with thousands of connections. */
@Scenario
class BackendRolloutIT {

    /** {@code drain.over} of the example. */
    private static final Duration WINDOW = Duration.ofSeconds(5);

    @Test
    @DisplayName(
            "I2, I4: a roll-out of the echo servers closes 60 clients with 1012, evenly; the servers themselves close none")
    void theEchoServersAreRolledOut(Space space, SuiteCluster cluster) throws IOException {
        rollOut(60, space, cluster, UnaryOperator.identity());
    }

    @Test
    @Tag("full")
    @DisplayName("I2, I4: the same with 300 clients")
    void theEchoServersAreRolledOutWithThreeHundredClients(Space space, SuiteCluster cluster) throws IOException {
        rollOut(300, space, cluster, UnaryOperator.identity());
    }

    @Test
    @Tag("full")
    @DisplayName("I2, I4: the same with servers that close everything on SIGTERM, behind a preStop hook that delays it")
    void serversThatCloseOnSigtermAreRolledOutWithPreStop(Space space, SuiteCluster cluster) throws IOException {
        rollOut(60, space, cluster, BackendRolloutIT::withPreStop);
    }

    @Test
    @Tag("full")
    @DisplayName("I2, I4: 2,000 connections of a leaving pod are closed with 1012, evenly over 20 s")
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

        List<Closure> closures = Closes.await(fleet.members());
        Closes.assertCode(closures, 1012);
        Closes.assertEven(logs.await(2_000, because("backend_leaving")), Duration.ofSeconds(20));
    }

    private static ObjectNode withPreStop(ObjectNode object) {
        if (object.path("kind").asText().equals("Deployment")) {
            ObjectNode container = (ObjectNode) object.at("/spec/template/spec/containers/0");
            container.withArray("/env").addObject().put("name", "ON_SIGTERM").put("value", "close");
            container.withObject("/lifecycle/preStop/sleep").put("seconds", 10);
        }
        return object;
    }

    private static ObjectNode exposed(ObjectNode object) {
        if (object.path("kind").asText().equals("WebSocketRoute")) {
            object.withObject("/spec/proxy/service").put("type", "LoadBalancer");
        }
        return object;
    }

    private static void rollOut(int clients, Space space, SuiteCluster cluster, UnaryOperator<ObjectNode> change)
            throws IOException {
        new Example("echo.yaml").apply(space, object -> exposed(change.apply(object)));
        Route route = space.route("echo").awaitReady();
        route.await("two endpoints", current -> current.getStatus().readyEndpoints() == 2);
        ProxyLogs logs = space.follow(route);
        Fleet fleet = space.fleet(route.uri(), clients);
        Set<String> old = pods(space);

        new Kubectl(cluster, space).run("rollout", "restart", "deployment", "echo");

        List<Member> ended = new ArrayList<>();
        Awaitility.await("the end of the old pods")
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    boolean gone = pods(space).stream().noneMatch(old::contains);
                    ended.addAll(fleet.reconnect());
                    return gone;
                });

        List<Closure> closures = ended.stream()
                .map(member -> Objects.requireNonNull(member.connection().closure()))
                .toList();
        assertThat(closures).hasSizeGreaterThanOrEqualTo(clients);
        Closes.assertCode(closures, 1012);
        List<LoggedClose> logged = logs.await(closures.size(), close -> true);
        assertThat(logged).hasSameSizeAs(closures).allSatisfy(close -> {
            assertThat(close.initiator()).isEqualTo("proxy");
            assertThat(close.reason()).isEqualTo("backend_leaving");
            assertThat(close.code()).isEqualTo(1012);
        });
        Map<String, List<LoggedClose>> byPod = logged.stream().collect(Collectors.groupingBy(LoggedClose::endpoint));
        assertThat(byPod).hasSize(2);
        byPod.values().forEach(closes -> Closes.assertEven(closes, WINDOW));
        Closes.assertNone(fleet.members());
        assertThat(fleet.members()).hasSize(clients).extracting(Member::backend).doesNotContainAnyElementsOf(old);
    }

    /** Names of all echo servers, including terminating ones. */
    private static Set<String> pods(Space space) {
        return space.client().pods().inNamespace(space.namespace()).withLabel("app", "echo").list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toSet());
    }
}
