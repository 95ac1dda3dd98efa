// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static dev.wsroute.e2e.cluster.TestManifests.NAMESPACE;
import static dev.wsroute.e2e.cluster.TestManifests.deployment;
import static dev.wsroute.e2e.cluster.TestManifests.pod;
import static dev.wsroute.e2e.cluster.TestManifests.shell;
import static dev.wsroute.e2e.cluster.TestManifests.template;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The messages about pods that cannot be created, scheduled or started are those of Kubernetes 1.36. */
class EmbeddedStuckRolloutTest extends EmbeddedClusterFixture {

    @Test
    void podsBeyondAQuotaAreRefusedAndTheDeploymentReportsItUntilThereIsRoom() {
        ResourceQuota quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("small")
                .endMetadata()
                .withNewSpec()
                .addToHard("requests.memory", new Quantity("1Gi"))
                .endSpec()
                .build();
        client.resource(quota).create();
        try {
            client.resource(deployment("greedy", 2, requesting("greedy", "memory", "768Mi")))
                    .create();

            await().until(() -> failure("greedy").isPresent());
            assertThat(failure("greedy").orElseThrow().getReason()).isEqualTo("FailedCreate");
            assertThat(failure("greedy").orElseThrow().getMessage())
                    .matches("pods \"greedy-.*\" is forbidden: exceeded quota: small, requested:"
                            + " requests.memory=805306368, used: requests.memory=805306368, limited:"
                            + " requests.memory=1073741824");

            client.resource(quota)
                    .edit(present -> present.edit()
                            .editSpec()
                            .withHard(Map.of("requests.memory", new Quantity("2Gi")))
                            .endSpec()
                            .build());
            await().until(() -> failure("greedy").isEmpty());
        } finally {
            client.resource(quota).delete();
            client.apps()
                    .deployments()
                    .inNamespace(NAMESPACE)
                    .withName("greedy")
                    .delete();
        }
    }

    @Test
    void aPriorityClassThatIsNotThereIsNamed() {
        PodTemplateSpec template = template("urgent", shell(RUNNING), 1)
                .edit()
                .editSpec()
                .withPriorityClassName("nowhere")
                .endSpec()
                .build();
        client.resource(deployment("urgent", 1, template)).create();

        await().until(
                        () -> failure("urgent")
                                .map(DeploymentCondition::getMessage)
                                .orElse(""),
                        message -> message.endsWith("no PriorityClass with name nowhere was found"));
        client.apps().deployments().inNamespace(NAMESPACE).withName("urgent").delete();
    }

    @Test
    void aPodThatAsksForMoreThanTheNodeHasIsNotScheduled() {
        client.resource(deployment("huge", 1, requesting("huge", "cpu", "1000")))
                .create();

        await().until(() -> client.pods().inNamespace(NAMESPACE).withLabel("app", "huge").list().getItems().stream()
                .filter(huge -> huge.getStatus() != null && huge.getSpec().getNodeName() == null)
                .flatMap(huge -> huge.getStatus().getConditions().stream())
                .filter(condition -> "Unschedulable".equals(condition.getReason()))
                .map(PodCondition::getMessage)
                .anyMatch(message -> message.startsWith("0/1 nodes are available: 1 Insufficient cpu.")));
        client.apps().deployments().inNamespace(NAMESPACE).withName("huge").delete();
    }

    @Test
    void betweenTwoAttemptsToPullAnImageTheContainerIsHeldBack() {
        client.resource(pod("absent", image("nowhere/nothing:1"), 1)).create();

        awaitWaiting("absent", "ErrImagePull");
        awaitWaiting("absent", "ImagePullBackOff");
        assertThat(waiting("absent").orElseThrow().getMessage()).contains("nowhere/nothing:1");
        client.pods().inNamespace(NAMESPACE).withName("absent").delete();
    }

    @Test
    void anInvalidImageNameIsReported() {
        client.resource(pod("misnamed", image("No:Such:Name"), 1)).create();

        awaitWaiting("misnamed", "InvalidImageName");
        client.pods().inNamespace(NAMESPACE).withName("misnamed").delete();
    }

    private static Container image(String image) {
        return new ContainerBuilder().withName("main").withImage(image).build();
    }

    private static PodTemplateSpec requesting(String app, String resource, String amount) {
        return template(
                app,
                shell(RUNNING)
                        .edit()
                        .withNewResources()
                        .addToRequests(resource, new Quantity(amount))
                        .endResources()
                        .build(),
                1);
    }

    private static Optional<DeploymentCondition> failure(String deployment) {
        return Optional.ofNullable(client.apps()
                        .deployments()
                        .inNamespace(NAMESPACE)
                        .withName(deployment)
                        .get()
                        .getStatus())
                .stream()
                .flatMap(status -> status.getConditions().stream())
                .filter(condition -> condition.getType().equals("ReplicaFailure"))
                .findFirst();
    }

    private static void awaitWaiting(String pod, String reason) {
        await(reason)
                .until(() -> waiting(pod).map(ContainerStateWaiting::getReason).orElse(""), reason::equals);
    }

    private static Optional<ContainerStateWaiting> waiting(String pod) {
        return Optional.ofNullable(
                        client.pods().inNamespace(NAMESPACE).withName(pod).get().getStatus())
                .stream()
                .flatMap(status -> status.getContainerStatuses().stream())
                .flatMap(container -> Optional.ofNullable(container.getState().getWaiting()).stream())
                .findFirst();
    }
}
