// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.UpgradeRefusedException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Apply, edit, delete. */
@Scenario
class RouteLifecycleIT {

    @Test
    void anAppliedRouteLetsClientsTalkToItsBackend(Space space) {
        space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();

        Fleet fleet = space.fleet(route.uri(), 10);

        assertThat(fleet.members().get(0).connection().ask("hello").join()).isEqualTo("hello");
        assertThat(Fleet.byBackend(fleet.members())).hasSize(2);
        assertThat(route.get().getStatus().proxies().summary()).isEqualTo("2/2");
    }

    @Test
    @DisplayName("I1, I8: an edit reaches the running proxies, restarts no pod and closes no connection")
    void anEditReachesTheRunningProxy(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        List<String> proxiesBefore = route.proxyNames();
        Fleet fleet = space.fleet(route.uri(), 10);
        URI moved = route.uri().resolve("/moved");

        route.apply(Spec.to("chat").path("/moved").idle("1h").roundRobin());
        await("the edit in the proxy").until(() -> statusOf(space, route.uri().resolve("/elsewhere")) == 404);
        route.awaitReady();

        assertThat(space.fleet(moved).grow(1)).hasSize(1);
        assertThat(route.proxyNames()).isEqualTo(proxiesBefore);
        Closes.assertNone(fleet.members());
    }

    @Test
    @DisplayName("I2: a deleted route closes its connections with 1001 and leaves nothing behind")
    void aDeletedRouteLeavesNothingBehind(Space space) {
        space.backend("chat", 1);
        Set<String> before = everything(space);
        Route route = space.apply("chat", Spec.to("chat").alsoToPods("chat")).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 20);
        Set<String> added = everything(space);
        added.removeAll(before);
        assertThat(added).contains("Service " + route.proxyName(), "Role " + route.proxyName());
        assertThat(added)
                .as("also what makes the pods of a selector known")
                .anyMatch(object -> object.startsWith("Service wsroute-"))
                .anyMatch(object -> object.startsWith("EndpointSlice wsroute-"));

        route.delete();

        List<Closure> closures = Closes.await(fleet.members());
        Closes.assertCode(closures, 1001);
        await("nothing left of the route")
                .untilAsserted(() -> assertThat(everything(space)).isEqualTo(before));
    }

    @Test
    void aRequestForAnotherHostIsNotTheRoutes(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").hostname("chat.example.com"))
                .awaitReady();

        assertThat(statusOf(space, route.uri())).isEqualTo(404);
    }

    /** The status of the response to an upgrade. */
    private static int statusOf(Space space, URI uri) {
        Fleet fleet = space.fleet(uri);
        try {
            fleet.grow(1);
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof UpgradeRefusedException refused) {
                return refused.status();
            }
            throw e;
        } finally {
            fleet.close();
        }
    }

    /** Kind and name of every object that a route could leave in the namespace. */
    private static Set<String> everything(Space space) {
        KubernetesClient client = space.client();
        String namespace = space.namespace();
        Stream<KubernetesResourceList<? extends HasMetadata>> lists = Stream.of(
                client.resources(WebSocketRoute.class).inNamespace(namespace).list(),
                client.apps().deployments().inNamespace(namespace).list(),
                client.apps().replicaSets().inNamespace(namespace).list(),
                client.pods().inNamespace(namespace).list(),
                client.services().inNamespace(namespace).list(),
                client.configMaps().inNamespace(namespace).list(),
                client.serviceAccounts().inNamespace(namespace).list(),
                client.rbac().roles().inNamespace(namespace).list(),
                client.rbac().roleBindings().inNamespace(namespace).list(),
                client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(namespace)
                        .list(),
                client.discovery().v1().endpointSlices().inNamespace(namespace).list());
        return lists.flatMap(list -> list.getItems().stream())
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
