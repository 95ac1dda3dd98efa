// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static dev.wsroute.e2e.scenario.LoggedClose.because;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manifest in Git does not override the scale subresource, which autoscalers use. */
@Scenario
class ScaleSubresourceIT {

    @Test
    void aScaledRouteStaysScaledWhenItsManifestIsAppliedAgain(Space space, SuiteCluster cluster, @TempDir Path folder)
            throws IOException {
        space.backend("chat", 1);
        Kubectl kubectl = new Kubectl(cluster, space);
        Route route = space.route("chat");
        kubectl.run("apply", "-f", manifest(folder, route, Spec.to("chat").withoutReplicas()));
        route.awaitReady();
        assertThat(route.proxies()).hasSize(2);

        kubectl.run("scale", "wsr", "chat", "--replicas=3");

        awaitProxies(space, route, 3);
        assertThat(selected(space, route)).hasSize(3).containsExactlyInAnyOrderElementsOf(route.proxyNames());

        kubectl.run(
                "apply",
                "-f",
                manifest(folder, route, Spec.to("chat").withoutReplicas().idle("1h")));
        route.awaitReady();
        assertReplicas(space, route, 3);

        kubectl.run(
                "apply",
                "--server-side",
                "--force-conflicts",
                "-f",
                manifest(folder, route, Spec.to("chat").withoutReplicas().idle("2h")));
        route.awaitReady();
        assertReplicas(space, route, 3);
        assertThat(route.get().getSpec().rules().get(0).timeouts().idle()).isEqualTo("2h");
    }

    @Test
    @DisplayName("I2, I9: a route scaled down sheds the clients of the leaving proxies with 1001, and no others")
    void aRouteIsScaledDown(Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();
        Map<String, Fleet> fleets = route.proxies().stream()
                .collect(
                        Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> space.fleet(Route.uriOf(pod), 60)));
        ProxyLogs logs = space.follow(route);

        new Kubectl(cluster, space).run("scale", "wsr", "chat", "--replicas=1");

        awaitProxies(space, route, 1);
        List<Fleet> leaving = new ArrayList<>(fleets.values());
        Fleet staying = fleets.get(route.proxyNames().get(0));
        leaving.remove(staying);
        assertThat(leaving).hasSize(1);
        List<Closure> closures = Closes.await(leaving.get(0).members());
        Closes.assertCode(closures, 1001);
        Closes.assertEven(logs.await(60, because("proxy_shutdown")), Duration.ofSeconds(4));
        Closes.assertNone(staying.members());
    }

    /** The Deployment is scaled, and the status reports it. */
    private static void awaitProxies(Space space, Route route, int count) {
        route.await(
                count + " replicas in the status",
                current -> Integer.valueOf(count).equals(current.getStatus().replicas())
                        && current.getStatus().proxies().summary().equals(count + "/" + count));
        route.awaitReady();
        assertReplicas(space, route, count);
    }

    private static void assertReplicas(Space space, Route route, int count) {
        Deployment deployment = space.client()
                .apps()
                .deployments()
                .inNamespace(space.namespace())
                .withName(route.proxyName())
                .require();
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(count);
        assertThat(route.get().getSpec().proxy().replicas()).isEqualTo(count);
        assertThat(route.proxies()).hasSize(count);
    }

    /** The pods that an autoscaler finds by the selector in the status. */
    private static List<String> selected(Space space, Route route) {
        return space
                .client()
                .pods()
                .inNamespace(space.namespace())
                .withLabelSelector(route.get().getStatus().selector())
                .list()
                .getItems()
                .stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private static String manifest(Path folder, Route route, Spec spec) throws IOException {
        return Files.writeString(
                        folder.resolve("route.json"), route.manifest(spec).toString())
                .toString();
    }
}
