// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code deploy/kustomize} builds. */
class InstallManifestTest {

    private static final Path DEPLOY = Repository.locate().get("deploy");

    @Test
    void theCommittedManifestIsWhatKustomizeBuilds() throws IOException, InterruptedException {
        assertThat(documents(DEPLOY.resolve("install.yaml")))
                .as("deploy/install.yaml is out of date: run `make install-yaml` and commit the result")
                .containsExactlyInAnyOrderElementsOf(kustomize(DEPLOY.resolve("kustomize")));
    }

    @Test
    void anOverlayCanTakeTheNetworkPolicyOfTheOperator() throws IOException, InterruptedException {
        Path overlay = Files.createDirectories(Path.of("target/overlay-with-policies"));
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                resources: [../../../../deploy/kustomize]
                components: [../../../../deploy/kustomize/network-policies]
                """);

        List<JsonNode> policies = kustomize(overlay).stream()
                .filter(object -> object.get("kind").asText().equals("NetworkPolicy"))
                .toList();

        assertThat(policies).singleElement().satisfies(policy -> {
            assertThat(policy.at("/metadata/namespace").asText()).isEqualTo("wsroute-system");
            assertThat(documents(DEPLOY.resolve("install.yaml")))
                    .filteredOn(object -> object.get("kind").asText().equals("Deployment"))
                    .singleElement()
                    .extracting(object -> object.at("/spec/template/metadata/labels"))
                    .isEqualTo(policy.at("/spec/podSelector/matchLabels"));
        });
    }

    private static List<JsonNode> kustomize(Path folder) throws IOException, InterruptedException {
        assumeTrue(
                "true".equals(System.getenv("CI")) || isInstalled("kubectl"),
                "kubectl is not installed, so deploy/kustomize was not built");
        Path built = Files.createTempFile("install", ".yaml");
        Process kustomize = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                .redirectOutput(built.toFile())
                .start();
        String errors = new String(kustomize.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kustomize.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(kustomize.exitValue()).as(errors).isZero();
        List<JsonNode> documents = documents(built);
        Files.delete(built);
        return documents;
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(file.toFile())
                .readAll();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
