// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the operator starts if the API is unavailable, and if no API is configured. */
class OperatorStartIT {

    @TempDir
    private Path folder;

    @Test
    void anUnavailableApiIsAwaitedByALiveUnreadyProcessAndReportedOnce() throws Exception {
        try (EmbeddedApi api = EmbeddedApi.start()) {
            Path kubeconfig = folder.resolve("kubeconfig");
            api.writeKubeconfig(kubeconfig);
            install(api);
            api.cutOff();
            try (OperatorProgram program =
                    OperatorProgram.launch(kubeconfig, "--leader-election", "false", "--log-level", "DEBUG")) {
                // Logged for each attempt, but only at debug level.
                await().until(() -> count(program, "DEBUG .*Waiting: ") >= 2);
                assertThat(count(program, "WARN .*Waiting: the Kubernetes API at " + Pattern.quote(api.url())))
                        .isOne();
                assertThat(program.readiness()).startsWith("waiting: the Kubernetes API at " + api.url());
                assertThat(program.liveness()).startsWith("ok");

                api.restore();
                program.awaitReady();
                assertThat(program.log()).contains("The Kubernetes API is reachable; starting");
            }
        }
    }

    @Test
    void aProgramThatWaitsObeysSigterm() throws Exception {
        try (EmbeddedApi api = EmbeddedApi.start()) {
            Path kubeconfig = folder.resolve("kubeconfig");
            api.writeKubeconfig(kubeconfig);
            api.cutOff();
            try (OperatorProgram program = OperatorProgram.launch(kubeconfig)) {
                await().until(() -> program.log().contains("Waiting: "));

                program.terminate();

                assertThat(program.exitCode()).isEqualTo(143);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                              | cannot be read",
                "'{ not: [yaml'                | cannot be used",
                "kind: Config                  | has no current context and this process does not run in a pod",
            })
    void aKubeconfigThatCannotBeUsedEndsItWithASentence(String text, String sentence) throws Exception {
        Path kubeconfig = folder.resolve("broken");
        if (text != null) {
            Files.writeString(kubeconfig, text);
        }

        try (OperatorProgram program = OperatorProgram.launch(kubeconfig)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.log())
                    .hasLineCount(1)
                    .startsWith("wsroute-operator: ")
                    .contains(kubeconfig.toString())
                    .contains(sentence);
        }
    }

    private static void install(EmbeddedApi api) throws IOException {
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withMasterUrl(api.url()).build())
                .build()) {
            client.resource(Serialization.unmarshal(
                            Files.readString(Repository.locate().get("crds/websocketroutes.wsroute.dev.yaml")),
                            CustomResourceDefinition.class))
                    .create();
        }
    }

    private static long count(OperatorProgram program, String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(program.log()).results().count();
    }
}
