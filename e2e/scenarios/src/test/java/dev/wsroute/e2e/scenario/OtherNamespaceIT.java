// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backends in another namespace, as long as that namespace permits it with a ReferenceGrant (ADR 50). */
@Scenario
class OtherNamespaceIT {

    private Space shared;

    @BeforeEach
    void otherNamespace(SuiteCluster cluster) {
        cluster.installGrants();
        shared = Space.create(cluster);
    }

    @AfterEach
    void close() {
        shared.close();
    }

    @Test
    void aBackendElsewhereServesFromTheGrantUntilItIsWithdrawn(Space space) {
        EchoBackend backend = shared.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").inNamespace(shared.namespace()));

        assertThat(awaitNotPermitted(route).getMessage())
                .isEqualTo("Namespace %1$s does not permit routes of namespace %2$s to use Service chat: create a"
                                .formatted(shared.namespace(), space.namespace())
                        + " ReferenceGrant in namespace %1$s from group wsroute.dev, kind WebSocketRoute, namespace %2$s"
                                .formatted(shared.namespace(), space.namespace())
                        + " to group \"\", kind Service, name chat.");
        assertThat(space.testClient().refusal(route.uri()).status()).isEqualTo(503);
        assertThat(rights()).isEmpty();

        Grant grant = Grant.create(shared, "chat", space, "chat");
        Fleet fleet = connected(space, route);
        assertThat(Fleet.byBackend(fleet.members()).keySet()).isEqualTo(Set.copyOf(backend.stayingNames()));
        assertThat(rights()).containsExactlyInAnyOrder(right("Role", space), right("RoleBinding", space));
        assertThat(route.get().getStatus().backends())
                .extracting(WebSocketRouteStatus.Backend::name)
                .containsExactly("service/" + shared.namespace() + "/chat:ws");

        grant.delete();

        Closes.assertCode(Closes.await(fleet.members()), 1012);
        awaitNotPermitted(route);
        await("the end of the rights").until(() -> rights().isEmpty());
        assertThat(space.testClient().refusal(route.uri()).status()).isEqualTo(503);
    }

    @Test
    void nobodyLearnsWhetherAServiceExistsThatIsNotPermitted(Space space) {
        shared.backend("there", 1);
        Route there = space.apply("one", Spec.to("there").inNamespace(shared.namespace()));
        Route absent = space.apply("two", Spec.to("absent").inNamespace(shared.namespace()));

        assertThat(awaitNotPermitted(there).getMessage().replace("there", "NAME"))
                .isEqualTo(awaitNotPermitted(absent).getMessage().replace("absent", "NAME"));
        assertThat(there.get().getStatus().backends()).isEmpty();
        assertThat(there.get().getStatus().readyEndpoints()).isZero();
    }

    @Test
    void eachOfSeveralGrantsIsEnough(Space space) {
        shared.backend("chat", 1);
        Grant first = Grant.create(shared, "first", space, "chat");
        Route route = space.apply("chat", Spec.to("chat").inNamespace(shared.namespace()));
        Fleet fleet = connected(space, route);

        Grant.create(shared, "second", space, "chat");
        await("an owner more")
                .until(() -> shared.client()
                                .resources(RoleBinding.class)
                                .inNamespace(shared.namespace())
                                .list()
                                .getItems()
                                .get(0)
                                .getMetadata()
                                .getOwnerReferences()
                                .size()
                        == 2);
        first.delete();
        await("an owner less")
                .until(() -> shared.client()
                                .resources(RoleBinding.class)
                                .inNamespace(shared.namespace())
                                .list()
                                .getItems()
                                .get(0)
                                .getMetadata()
                                .getOwnerReferences()
                                .size()
                        == 1);

        Closes.assertNone(fleet.members());
        assertThat(space.fleet(route.uri()).grow(1)).hasSize(1);
    }

    @Test
    void aRouteThatGoesOrNamesTheNamespaceNoMoreLeavesNoRights(Space space) {
        shared.backend("chat", 1);
        space.backend("chat", 1);
        Grant.create(shared, "chat", space, "chat");
        Spec both = Spec.to("chat").alsoTo("chat").inNamespace(shared.namespace());
        Route route = space.apply("chat", both).awaitReady();
        await("the rights").until(() -> rights().size() == 2);

        route.apply(Spec.to("chat"));
        await("the end of the rights").until(() -> rights().isEmpty());

        route.apply(both);
        await("the rights").until(() -> rights().size() == 2);
        route.delete();
        await("the end of the rights").until(() -> rights().isEmpty());
    }

    @Test
    void whatHappensWhileNoOperatorRunsIsMadeUpFor(Space space, SuiteCluster cluster) {
        shared.backend("chat", 1);
        shared.backend("other", 1);
        Grant withdrawn = Grant.create(shared, "chat", space, "chat");
        Route route = space.apply("chat", Spec.to("chat").inNamespace(shared.namespace()));
        Fleet fleet = connected(space, route);
        try (Space third = Space.create(cluster)) {
            third.backend("chat", 1);
            Grant.create(third, "chat", space, "chat");
            Route gone = space.apply("gone", Spec.to("chat").inNamespace(third.namespace()));
            connected(space, gone);
            cluster.stopOperator();

            gone.delete();
            withdrawn.delete();
            await("the end of the rights").until(() -> rights().isEmpty());
            Closes.assertNone(fleet.members());
            assertThat(rights(third)).hasSize(2);

            cluster.startOperator();
            await("the end of the rights of the route that is gone")
                    .until(() -> rights(third).isEmpty());
            Closes.assertCode(Closes.await(fleet.members()), 1012);
            awaitNotPermitted(route);
        }
    }

    @Test
    void withoutTheDefinitionTheConditionSaysSoUntilItIsInstalled(Space space, SuiteCluster cluster) {
        cluster.embeddedApi();
        shared.backend("chat", 1);
        cluster.uninstallGrants();
        Route route = space.apply("chat", Spec.to("chat").inNamespace(shared.namespace()));

        route.await(
                "the sentence",
                current -> condition(current.getStatus())
                        .anyMatch(condition -> condition.getMessage().contains("is not installed in this cluster")));

        cluster.installGrants();
        route.await(
                "another sentence",
                current -> condition(current.getStatus())
                        .anyMatch(condition -> condition.getMessage().contains("create a ReferenceGrant")));
        Grant.create(shared, "chat", space, "chat");
        connected(space, route);
    }

    private static Fleet connected(Space space, Route route) {
        route.awaitCondition("ResolvedRefs", "True");
        route.awaitReady();
        route.awaitCondition("BackendsAvailable", "True");
        return space.fleet(route.uri(), 3);
    }

    private static Condition awaitNotPermitted(Route route) {
        return route.await(
                        "a reference that is not permitted",
                        current -> Route.hasReason(current, "ResolvedRefs", "False", "RefNotPermitted"))
                .currentCondition("ResolvedRefs")
                .orElseThrow();
    }

    private static Stream<Condition> condition(WebSocketRouteStatus status) {
        return Stream.ofNullable(status)
                .flatMap(now -> now.conditions().stream())
                .filter(condition -> condition.getReason().equals("RefNotPermitted"));
    }

    private static String right(String kind, Space routes) {
        return kind + " " + routes.namespace() + ".chat-proxy";
    }

    private List<String> rights() {
        return rights(shared);
    }

    private static List<String> rights(Space where) {
        return Stream.of(Role.class, RoleBinding.class)
                .flatMap(kind -> where
                        .client()
                        .resources(kind)
                        .inNamespace(where.namespace())
                        .withLabel("wsroute.dev/route-namespace")
                        .list()
                        .getItems()
                        .stream())
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .toList();
    }
}
