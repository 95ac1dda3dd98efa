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

/** What {@code kubectl kustomize} builds. Without kubectl, tests that need it are skipped. */
final class Kustomization {

    static final Path DEPLOY = Repository.locate().get("deploy");

    private Kustomization() {}

    static List<JsonNode> build(Path folder) throws IOException, InterruptedException {
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
        List<JsonNode> documents = documents(Files.readString(built));
        Files.delete(built);
        return documents;
    }

    /** The objects of a YAML text. */
    static List<JsonNode> documents(String yaml) throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll().stream()
                        .filter(document -> !document.isNull() && !document.isEmpty())
                        .toList();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
