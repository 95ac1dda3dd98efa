// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the operator writes nothing or little, measured by its own requests. */
class QuietOperatorIT extends OperatorScenario {

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        long writes = operator.writeRequests();
        long looks = operator.reconciliations();

        // An event that changes nothing: a slice of the backend without endpoints.
        client.resource(slice(0)).create();
        await().until(() -> operator.reconciliations() > looks);

        assertThat(operator.writeRequests()).isEqualTo(writes);
    }

    @Test
    void endpointsThatComeAndGoCostFewWritesOfStatusAndNoOthers() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        client.resource(slice(1)).create();
        await().until(() -> condition("chat", "BackendsAvailable").equals("EndpointsReady"));
        awaitQuiet();
        long writes = operator.writeRequests();

        for (int change = 0; change < 50; change++) {
            long looks = operator.reconciliations();
            client.resource(slice(2 + change % 7)).update();
            await().pollInterval(Duration.ofMillis(20)).until(() -> operator.reconciliations() > looks);
        }
        client.resource(slice(5)).update();

        await().until(() -> route("chat").getStatus().readyEndpoints() == 5);
        assertThat(operator.writeRequests() - writes).isLessThanOrEqualTo(3);
    }

    @Test
    void aRestartedOperatorFindsAllAsItShouldBeAndWritesNothing() throws Exception {
        chatService();
        apply(
                "chat",
                "  proxy: {replicas: 3, resources: {requests: {cpu: 1000m}, limits: {memory: 512Mi}}, nodeSelector: {}}\n");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        try (OperatorProgram second =
                OperatorProgram.start(kubeconfig, "--leader-election", "false", "--namespaces", namespace)) {
            await().until(() -> second.reconciliations() >= 1);

            assertThat(second.writeRequests()).isZero();
        }
    }

    @Test
    void anOperatorOfSeveralNamespacesKeepsThemApartAndWritesNothing() throws Exception {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        String first = namespace;
        ownNamespace();
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        try (OperatorProgram second = OperatorProgram.start(
                kubeconfig, "--leader-election", "false", "--namespaces", first + "," + namespace)) {
            await().until(() -> second.reconciliations() >= 2);

            assertThat(second.writeRequests()).isZero();
        }
    }

    @Test
    void nothingIsTrueOfAnOperatorThatHasEnded() throws Exception {
        OperatorProgram ended =
                OperatorProgram.start(kubeconfig, "--leader-election", "false", "--namespaces", namespace);
        assertThat(ended.writeRequests()).isZero();

        ended.terminate();
        ended.exitCode();

        assertThatThrownBy(ended::writeRequests).hasMessageContaining("it has ended");
        assertThatThrownBy(ended::reconciliations).hasMessageContaining("it has ended");
    }

    @Test
    void reportsOfDeletedPodsAreIgnoredAndRemoved() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        client.configMaps()
                .inNamespace(namespace)
                .withName("chat-proxy-report")
                .edit(map -> new ConfigMapBuilder(map)
                        .addToData("gone", "{\"applied\":{\"generation\":1,\"hash\":\"x\"},\"connections\":0}")
                        .build());

        await().untilAsserted(() -> assertThat(Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName("chat-proxy-report")
                        .get()
                        .getData()))
                .satisfiesAnyOf(
                        data -> assertThat(data).isEmpty(),
                        data -> assertThat(data.orElseThrow()).isEmpty()));
    }
}
