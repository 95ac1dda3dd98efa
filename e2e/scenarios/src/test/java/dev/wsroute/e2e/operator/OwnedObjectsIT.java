// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator creates, repairs and deletes the objects of a route, and leaves those of others alone. */
class OwnedObjectsIT extends OperatorScenario {

    @Test
    void aRouteBecomesItsObjectsAndEachBelongsToIt() {
        chatService();
        WebSocketRoute route = apply("chat", "");

        awaitProgrammed("chat", "NoReadyProxy");

        assertThat(owned(Deployment.class)).containsExactly("chat-proxy");
        assertThat(owned(Service.class)).hasSize(2).contains("chat-proxy").anyMatch(n -> n.startsWith("wsroute-"));
        assertThat(owned(ConfigMap.class)).containsExactlyInAnyOrder("chat-proxy-config", "chat-proxy-report");
        assertThat(owned(ServiceAccount.class)).containsExactly("chat-proxy");
        assertThat(owned(Role.class)).containsExactly("chat-proxy");
        assertThat(owned(RoleBinding.class)).containsExactly("chat-proxy");
        assertThat(owned(PodDisruptionBudget.class)).containsExactly("chat-proxy");
        assertThat(client.resource(route).get().getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void aDeletedRouteLeavesNothingBehind() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName("chat")
                .delete();

        await().untilAsserted(() ->
                assertThat(OWNED).allSatisfy(kind -> assertThat(owned(kind)).isEmpty()));
    }

    @Test
    void whatOthersChangeOfOursIsPutRightAndWhatTheyAddStays() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .edit(d -> new DeploymentBuilder(d)
                        .editMetadata()
                        .addToAnnotations("mesh.example.com/inject", "true")
                        .endMetadata()
                        .editSpec()
                        .withReplicas(7)
                        .endSpec()
                        .build());
        client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .delete();
        client.services()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .edit(s -> new ServiceBuilder(s)
                        .editMetadata()
                        .removeFromLabels("app.kubernetes.io/managed-by")
                        .endMetadata()
                        .build());

        await().untilAsserted(() -> {
            Deployment deployment = client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withName("chat-proxy")
                    .get();
            assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
            assertThat(deployment.getMetadata().getAnnotations()).containsEntry("mesh.example.com/inject", "true");
            assertThat(owned(PodDisruptionBudget.class)).containsExactly("chat-proxy");
            assertThat(client.services()
                            .inNamespace(namespace)
                            .withName("chat-proxy")
                            .get()
                            .getMetadata()
                            .getLabels())
                    .containsEntry("app.kubernetes.io/managed-by", "wsroute");
        });
    }

    @Test
    void aForeignObjectIsReportedAndLeftAloneUntilItIsDeleted() {
        chatService();
        ConfigMap foreign = client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("chat-proxy-config")
                        .endMetadata()
                        .addToData("mine", "yes")
                        .build())
                .create();

        apply("chat", "");
        awaitProgrammed("chat", "NameConflict");

        assertThat(message("chat", "Programmed"))
                .isEqualTo("ConfigMap " + namespace + "/chat-proxy-config exists and does not belong to this route;"
                        + " delete it or rename the route.");
        assertThat(client.resource(foreign).get()).isEqualTo(foreign);
        assertThat(owned(Deployment.class)).isEmpty();

        client.resource(foreign).delete();
        awaitProgrammed("chat", "NoReadyProxy");
    }

    @Test
    void aMissingServiceIsNamedAndItsArrivalIsNoticed() {
        apply("chat", "");

        await().until(() -> condition("chat", "ResolvedRefs").equals("BackendNotFound"));
        assertThat(message("chat", "ResolvedRefs")).isEqualTo("Service " + namespace + "/chat does not exist.");
        awaitProgrammed("chat", "NoReadyProxy");
        assertThat(config("chat")).doesNotContain("service/chat:ws").contains("pods/app=canary:8010");

        chatService();

        await().until(() -> condition("chat", "ResolvedRefs").equals("ResolvedRefs"));
        await().until(() -> config("chat").contains("service/chat:ws"));
        assertThat(events()).containsEntry("BackendNotFound", 1).containsEntry("ResolvedRefs", 1);

        for (int again = 0; again < 2; again++) {
            client.services().inNamespace(namespace).withName("chat").delete();
            await().until(() -> condition("chat", "ResolvedRefs").equals("BackendNotFound"));
            chatService();
            await().until(() -> condition("chat", "ResolvedRefs").equals("ResolvedRefs"));
        }
        await().untilAsserted(() ->
                assertThat(events()).containsEntry("BackendNotFound", 3).containsEntry("ResolvedRefs", 3));
    }

    @Test
    void aRemovedPodSelectorRemovesItsService() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        assertThat(owned(Service.class)).hasSize(2);

        edit("chat", yaml("chat", "").replaceAll("(?m)^    - podSelector(.*\\n){2}", ""));

        await().untilAsserted(() -> assertThat(owned(Service.class)).containsExactly("chat-proxy"));
    }

    @Test
    void aRemovedOwnerReferenceIsRestored() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .edit(d -> new DeploymentBuilder(d)
                        .editMetadata()
                        .withOwnerReferences()
                        .endMetadata()
                        .build());

        await().untilAsserted(() -> assertThat(owned(Deployment.class)).containsExactly("chat-proxy"));
        assertThat(events()).doesNotContainKey("NameConflict");
    }

    @Test
    void theLabelsAloneMakeNoObjectOurs() {
        chatService();
        ConfigMap foreign = client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("chat-proxy-config")
                        .addToLabels("app.kubernetes.io/managed-by", "wsroute")
                        .addToLabels("wsroute.dev/route", "chat")
                        .endMetadata()
                        .addToData("mine", "yes")
                        .build())
                .create();

        apply("chat", "");
        awaitProgrammed("chat", "NameConflict");

        assertThat(client.resource(foreign).get()).isEqualTo(foreign);
    }

    @Test
    void aChangedPortNumberIsRestoredAndForeignPortsAreKept() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        client.services()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .edit(s -> new ServiceBuilder(s)
                        .editSpec()
                        .editFirstPort()
                        .withPort(81)
                        .endPort()
                        .addNewPort()
                        .withName("theirs")
                        .withPort(4711)
                        .endPort()
                        .endSpec()
                        .build());

        await().untilAsserted(() -> assertThat(ports("chat-proxy")).containsExactlyInAnyOrder("ws:80", "theirs:4711"));

        edit("chat", yaml("chat", "  proxy: {listeners: [{name: ws, port: 82}]}"));
        await().untilAsserted(() -> assertThat(ports("chat-proxy")).containsExactlyInAnyOrder("ws:82", "theirs:4711"));
        assertThat(events()).doesNotContainKey("ApplyFailed");
    }

    private List<String> ports(String service) {
        return client.services().inNamespace(namespace).withName(service).get().getSpec().getPorts().stream()
                .map(port -> port.getName() + ":" + port.getPort())
                .toList();
    }
}
