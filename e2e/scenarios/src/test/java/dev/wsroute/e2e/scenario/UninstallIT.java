// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever goes first, nothing of the operator and of its routes stays, and nothing waits for what is gone. */
class UninstallIT {

    private static final String SYSTEM = "wsroute-system";
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Namespace.class,
            CustomResourceDefinition.class,
            ClusterRole.class,
            ClusterRoleBinding.class,
            ValidatingAdmissionPolicy.class,
            ValidatingAdmissionPolicyBinding.class,
            Deployment.class,
            ReplicaSet.class,
            Pod.class,
            Service.class,
            EndpointSlice.class,
            ConfigMap.class,
            Secret.class,
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            PodDisruptionBudget.class,
            Lease.class);

    private SuiteCluster cluster;
    private Space space;
    private Space shared;
    private Route route;
    private Fleet fleet;
    private Set<String> before;

    @BeforeEach
    void installed() throws IOException {
        assumeTrue(
                System.getProperty("wsroute.kubeconfig", "").isEmpty(),
                "other tests need the operator of this cluster");
        cluster = SuiteCluster.empty();
        space = Space.create(cluster);
        space.backend("chat", 1);
        shared = Space.create(cluster);
        shared.backend("chat", 1);
        new Manifests(cluster.client()).apply(Grant.DEFINITION);
        await("ReferenceGrants").until(() -> cluster.client().getApiResources("gateway.networking.k8s.io/v1") != null);
        Grant.create(shared, "chat", space, "chat");
        before = everything();
        cluster.install();
        route = applied();
        fleet = space.fleet(route.uri(), 10);
    }

    /** With all kinds of objects that a route can have. */
    private Route applied() {
        Route applied = space.apply(
                        "chat",
                        Spec.to("chat")
                                .alsoToPods("chat")
                                .alsoTo("chat")
                                .inNamespace(shared.namespace())
                                .rule("sessionPersistence: {}"))
                .awaitReady();
        assertThat(rights()).hasSize(2);
        return applied;
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            space.close();
            shared.close();
            cluster.close();
        }
    }

    @Test
    void everythingAtOnce() {
        cluster.uninstall();

        Closes.assertCode(Closes.await(fleet.members()), 1001);
        awaitNothingLeft();
    }

    @Test
    void theDefinitionFirst() {
        cluster.client()
                .resources(CustomResourceDefinition.class)
                .withName("websocketroutes.wsroute.dev")
                .delete();

        Closes.assertCode(Closes.await(fleet.members()), 1001);
        await("nothing left of the route")
                .untilAsserted(
                        () -> assertThat(in(space.namespace(), everything())).isEqualTo(in(space.namespace(), before)));
        await("the end of the rights").until(() -> rights().isEmpty());

        cluster.install();
        applied();
        cluster.uninstall();
        awaitNothingLeft();
    }

    @Test
    void theOperatorFirst() {
        cluster.client()
                .apps()
                .deployments()
                .inNamespace(SYSTEM)
                .withName("wsroute-operator")
                .delete();
        await("the end of the operator").until(() -> cluster.operatorPods().isEmpty());
        Closes.assertNone(fleet.members());

        route.delete();

        Closes.assertCode(Closes.await(fleet.members()), 1001);
        cluster.uninstall();
        await("only the rights left")
                .untilAsserted(() -> assertThat(everything())
                        .filteredOn(object -> !before.contains(object))
                        .containsExactlyInAnyOrderElementsOf(rights()));
        assertThat(rights())
                .containsExactly(
                        "Role " + shared.namespace() + "/" + space.namespace() + ".chat-proxy",
                        "RoleBinding " + shared.namespace() + "/" + space.namespace() + ".chat-proxy");
        awaitNothingLeft();
    }

    @Test
    void theOperatorsNamespaceFirst() {
        cluster.client().namespaces().withName(SYSTEM).delete();
        await("the end of the namespace")
                .until(() -> cluster.client().namespaces().withName(SYSTEM).get() == null);
        Closes.assertNone(fleet.members());

        route.delete();

        Closes.assertCode(Closes.await(fleet.members()), 1001);
        cluster.uninstall();
        awaitNothingLeft();
    }

    @Test
    void theNamespaceOfTheRoutesFirst() {
        cluster.client().namespaces().withName(space.namespace()).delete();

        await("the end of the namespace")
                .until(() -> cluster.client()
                                .namespaces()
                                .withName(space.namespace())
                                .get()
                        == null);
        await("the end of the rights").until(() -> rights().isEmpty());
        cluster.uninstall();
        await("nothing left").untilAsserted(() -> assertThat(everything()).allMatch(before::contains));
    }

    @Test
    void aRouteThatIsDeletedWhileTheOperatorIsDownStaysDeleted() {
        cluster.stopOperator();

        route.delete();

        Closes.assertCode(Closes.await(fleet.members()), 1001);
        await("nothing left of the route")
                .untilAsserted(
                        () -> assertThat(in(space.namespace(), everything())).isEqualTo(in(space.namespace(), before)));
        cluster.startOperator();
        // The operator has looked at all routes once another one is ready.
        space.apply("other", Spec.to("chat")).awaitReady();
        await("the end of the rights")
                .untilAsserted(() -> assertThat(everything()).noneMatch(object -> object.contains("chat-proxy")));
        cluster.uninstall();
        awaitNothingLeft();
    }

    /** With the command in docs/operations.md, for what nothing collects if the operator went first. */
    private void awaitNothingLeft() {
        await("nothing else left")
                .untilAsserted(() -> assertThat(everything())
                        .filteredOn(object -> !before.contains(object))
                        .isSubsetOf(rights()));
        new Kubectl(cluster)
                .run("delete", "roles,rolebindings", "--all-namespaces", "--selector", "wsroute.dev/route-namespace");
        await("nothing left").untilAsserted(() -> assertThat(everything()).isEqualTo(before));
    }

    /** What the operator wrote into the namespace of the backend. */
    private Set<String> rights() {
        return everything().stream()
                .filter(object -> object.contains(" " + shared.namespace() + "/" + space.namespace() + "."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> in(String namespace, Set<String> objects) {
        return objects.stream()
                .filter(object -> object.contains(" " + namespace + "/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Kind, namespace and name of every object. */
    private Set<String> everything() {
        return KINDS.stream()
                .flatMap(kind -> cluster.client().resources(kind).inAnyNamespace().list().getItems().stream())
                .map(object -> object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                        + object.getMetadata().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
