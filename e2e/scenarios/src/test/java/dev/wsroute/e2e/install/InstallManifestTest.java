// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code deploy/kustomize} builds. */
class InstallManifestTest {

    private static final Path DEPLOY = Kustomization.DEPLOY;

    @Test
    void theCommittedManifestIsWhatKustomizeBuilds() throws IOException, InterruptedException {
        assertThat(documents(DEPLOY.resolve("install.yaml")))
                .as("deploy/install.yaml is out of date: run `make install-yaml` and commit the result")
                .containsExactlyInAnyOrderElementsOf(Kustomization.build(DEPLOY.resolve("kustomize")));
    }

    @Test
    void anOverlayCanTakeTheNetworkPolicyOfTheOperator() throws IOException, InterruptedException {
        Path overlay = Files.createDirectories(Path.of("target/overlay-with-policies"));
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                resources: [../../../../deploy/kustomize]
                components: [../../../../deploy/kustomize/network-policies]
                """);

        List<JsonNode> policies = Kustomization.build(overlay).stream()
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

    private static List<JsonNode> documents(Path file) throws IOException {
        return Kustomization.documents(Files.readString(file));
    }
}
