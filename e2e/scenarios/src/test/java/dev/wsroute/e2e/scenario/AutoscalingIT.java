// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Routes that the operator scales by their connections. */
@Scenario
class AutoscalingIT {

    private static final String AUTOSCALING =
            "autoscaling: {minReplicas: 1, maxReplicas: 3, connectionsPerProxy: 20, scaleDown: {after: 5s}}";

    @Test
    @DisplayName(
            "I2: up at once, down one by one: the emptiest proxy ends, no other connection does, nor after a restart")
    void theNumberOfProxiesFollowsTheConnections(Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").withoutReplicas().proxy(AUTOSCALING))
                .awaitReady();
        Pod first = route.proxies().get(0);
        long generation = route.get().getMetadata().getGeneration();
        Fleet most = space.fleet(Route.uriOf(first), 50);

        awaitProxies(route, 3);
        Closes.assertNone(most.members());
        List<Pod> added = route.proxies().stream()
                .filter(pod -> !pod.getMetadata().getName().equals(name(first)))
                .toList();
        Fleet some = space.fleet(Route.uriOf(added.get(0)), 3);
        Fleet fewest = space.fleet(Route.uriOf(added.get(1)), 2);
        Pod silent = silentProxy(space, route);

        List<Member> staying = most.members().subList(0, 12);
        most.members().stream()
                .filter(member -> !staying.contains(member))
                .forEach(member -> member.connection().close());
        route.await(
                "a proxy that does not report",
                current -> Route.hasReason(current, "ScalingActive", "False", "ReportsStale"));
        cluster.stopOperator();
        cluster.startOperator();
        route.await(
                "a proxy that does not report, for the new operator, too",
                current -> Route.hasReason(current, "ScalingActive", "False", "ReportsStale"));
        assertThat(replicas(space, route)).isEqualTo(3);
        Closes.assertNone(some.members());
        Closes.assertNone(fewest.members());

        space.client().resource(silent).withGracePeriod(0).delete();
        awaitProxies(route, 2);
        assertThat(route.proxyNames()).containsExactlyInAnyOrder(name(first), name(added.get(0)));
        Closes.assertCode(Closes.await(fewest.members()), 1001);
        Closes.assertNone(some.members());

        awaitProxies(route, 1);
        assertThat(route.proxyNames()).containsExactly(name(first));
        Closes.assertCode(Closes.await(some.members()), 1001);
        Closes.assertNone(staying);
        assertThat(events(space)).contains("ScaledUp", "ScaledDown", "ReportsStale");
        assertThat(route.get().getMetadata().getGeneration())
                .as("the operator does not write the spec")
                .isEqualTo(generation);
    }

    @Test
    void nobodyElseCanScaleARouteThatTheOperatorScales(Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").withoutReplicas().proxy(AUTOSCALING))
                .awaitReady();
        Kubectl kubectl = new Kubectl(cluster, space);

        Kubectl.Outcome refused = kubectl.attempt("scale", "wsr", "chat", "--replicas=3");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).contains("replicas must be absent with autoscaling");
        assertThat(replicas(space, route)).isEqualTo(1);

        // The Deployment is not theirs either.
        space.client()
                .apps()
                .deployments()
                .inNamespace(space.namespace())
                .withName(route.proxyName())
                .scale(3);
        Awaitility.await("the number is corrected").until(() -> replicas(space, route) == 1);
    }

    @Test
    void theOperatorTakesOverTheNumberThatItFinds(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();
        List<String> proxies = route.proxyNames();

        route.apply(
                Spec.to("chat")
                        .withoutReplicas()
                        .proxy(
                                "autoscaling: {minReplicas: 1, maxReplicas: 3, connectionsPerProxy: 20, scaleDown: {after: 24h}}"));
        route.awaitCondition("ScalingActive", "True");

        Awaiting.quiet(
                Duration.ofSeconds(2), () -> assertThat(replicas(space, route)).isEqualTo(2));
        assertThat(route.proxyNames()).isEqualTo(proxies);
    }

    /** A ready pod behind the proxies' Service that never reports, like a proxy that is stuck. */
    private static Pod silentProxy(Space space, Route route) {
        return space.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName(route.proxyName() + "-silent")
                        .addToLabels("app.kubernetes.io/name", "wsroute-proxy")
                        .addToLabels("app.kubernetes.io/instance", route.name())
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("echo")
                        .withImage("wsroute/echo:dev")
                        .addNewPort()
                        .withName("ws")
                        .withContainerPort(8010)
                        .endPort()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private static void awaitProxies(Route route, int count) {
        route.await(
                count + " proxies",
                current -> current.getStatus().proxies().summary().equals(count + "/" + count));
    }

    private static int replicas(Space space, Route route) {
        Deployment deployment = space.client()
                .apps()
                .deployments()
                .inNamespace(space.namespace())
                .withName(route.proxyName())
                .require();
        return deployment.getSpec().getReplicas();
    }

    private static List<String> events(Space space) {
        return space.client().v1().events().inNamespace(space.namespace()).list().getItems().stream()
                .map(Event::getReason)
                .toList();
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
