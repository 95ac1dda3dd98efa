// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static dev.wsroute.operator.MockedReconciler.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.wsroute.operator.mock.OpenWatch;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which objects of a route are written, in which order, and that writes stop; also with broken watches. */
class NewRouteOnMockTest {

    private final MockedReconciler mocked = new MockedReconciler().start();

    @AfterEach
    void stop() {
        mocked.close();
    }

    @Test
    void objectsAreWrittenInOrderOfDependencyAndTheStatusLast() {
        mocked.apply("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        List<String> writes = mocked.writes("chat");

        assertThat(writes)
                .containsExactlyInAnyOrder(
                        "serviceaccounts/chat-proxy",
                        "roles/chat-proxy",
                        "rolebindings/chat-proxy",
                        "services/chat-proxy",
                        "poddisruptionbudgets/chat-proxy",
                        "configmaps/chat-proxy-report",
                        "configmaps/chat-proxy-config",
                        "deployments/chat-proxy",
                        "websocketroutes/chat/status");
        assertThat(writes).containsSubsequence("serviceaccounts/chat-proxy", "rolebindings/chat-proxy");
        assertThat(writes).containsSubsequence("roles/chat-proxy", "rolebindings/chat-proxy");
        assertThat(writes)
                .containsSubsequence("roles/chat-proxy", "configmaps/chat-proxy-config", "deployments/chat-proxy");
        assertThat(writes).containsSubsequence("configmaps/chat-proxy-report", "deployments/chat-proxy");
        assertThat(writes).containsSubsequence("rolebindings/chat-proxy", "deployments/chat-proxy");
        assertThat(writes.get(writes.size() - 1)).isEqualTo("websocketroutes/chat/status");

        mocked.reconcileAgain();
        mocked.reconcileAgain();
        assertThat(mocked.writes("chat")).isEqualTo(writes);
        assertThat(mocked.events()).containsOnlyKeys("NoReadyEndpoint");
    }

    @Test
    void aMissingImageIsReportedInOneSentenceAndOneEventUntilItIsFixed() {
        mocked.apply("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        proxyPod("a", "ErrImagePull", "registry/proxy:1: not found");
        deploymentStatus(1, 0);

        mocked.awaitReason("chat", "Ready", "ImagePullBackOff");
        assertThat(mocked.condition("chat", "Programmed").map(Condition::getMessage))
                .hasValue(
                        "None of 1 proxies is ready yet: image registry/proxy:1 of pod chat-proxy-5d-a cannot be pulled:"
                                + " registry/proxy:1: not found.");
        List<String> writes = mocked.writes("chat");

        proxyPod(
                "a",
                "ImagePullBackOff",
                "Back-off pulling image \"registry/proxy:1\": ErrImagePull: registry/proxy:1: not found");
        proxyPod("a", "ErrImagePull", "registry/proxy:1: not found");
        mocked.reconcileAgain();
        assertThat(mocked.writes("chat")).isEqualTo(writes);
        assertThat(mocked.events()).containsEntry("ImagePullBackOff", 1);

        mocked.api
                .client()
                .pods()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy-5d-a")
                .delete();
        proxyPod("b", "ContainerCreating", "");
        mocked.awaitReason("chat", "Ready", "NoReadyProxy");
        assertThat(mocked.condition("chat", "Programmed").map(Condition::getMessage))
                .hasValue("None of 1 proxies is ready yet.");
        assertThat(mocked.events()).containsEntry("ImagePullBackOff", 1);
    }

    @Test
    void afterGoneAWatchListsAgainAndMissesNoEvent() {
        mocked.apply("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        long lists = mocked.api.lists("deployments");

        mocked.api.watches("deployments").forEach(OpenWatch::gone);
        await().until(() -> mocked.api.lists("deployments") > lists);
        deploymentStatus(0, 0);
        refuseCreation();

        mocked.awaitReason("chat", "Ready", "FailedCreate");
        assertThat(mocked.log(Level.ERROR)).isEmpty();
    }

    @Test
    void aBrokenWatchIsResumed() {
        mocked.apply("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");

        mocked.api.watches("deployments").forEach(OpenWatch::end);
        deploymentStatus(0, 0);
        refuseCreation();

        mocked.awaitReason("chat", "Ready", "FailedCreate");
    }

    @Test
    void watchesContinueAfterAnOutageOfTheApi() {
        mocked.apply("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");

        mocked.api.goAway();
        mocked.api.comeBack();
        mocked.apply("second");

        mocked.awaitReason("second", "Programmed", "NoReadyProxy");
        List<String> writes = mocked.writes("chat");
        mocked.reconcileAgain();
        assertThat(mocked.writes("chat")).isEqualTo(writes);
    }

    private void refuseCreation() {
        mocked.api
                .client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy")
                .editStatus(deployment -> new DeploymentBuilder(deployment)
                        .editStatus()
                        .addNewCondition()
                        .withType("ReplicaFailure")
                        .withStatus("True")
                        .withReason("FailedCreate")
                        .withMessage("pods \"chat-proxy-5d-x\" is forbidden: exceeded quota: small")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    private void deploymentStatus(int updated, int ready) {
        mocked.api
                .client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy")
                .editStatus(deployment -> new DeploymentBuilder(deployment)
                        .withNewStatus()
                        .withObservedGeneration(deployment.getMetadata().getGeneration())
                        .withReplicas(updated)
                        .withUpdatedReplicas(updated)
                        .withReadyReplicas(ready)
                        .endStatus()
                        .build());
    }

    private void proxyPod(String name, String reason, String message) {
        mocked.api
                .client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("chat-proxy-5d-" + name)
                        .addToLabels("wsroute.dev/route", "chat")
                        .addToLabels("pod-template-hash", "5d")
                        .addNewOwnerReference()
                        .withApiVersion("apps/v1")
                        .withKind("ReplicaSet")
                        .withName("chat-proxy-5d")
                        .withUid("set")
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .withNewStatus()
                        .withPhase("Pending")
                        .addNewContainerStatus()
                        .withName("proxy")
                        .withImage("registry/proxy:1")
                        .withReady(false)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewWaiting()
                        .withReason(reason)
                        .withMessage(message)
                        .endWaiting()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build())
                .createOr(existing -> existing.update());
    }
}
