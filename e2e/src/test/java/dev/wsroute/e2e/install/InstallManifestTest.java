package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code deploy/install.yaml} is what {@code deploy/kustomize} builds. */
class InstallManifestTest {

    private static final Path DEPLOY = Path.of("../deploy");

    @Test
    void theCommittedManifestIsWhatKustomizeBuilds() throws IOException, InterruptedException {
        assumeTrue(
                "true".equals(System.getenv("CI")) || isInstalled("kubectl"),
                "kubectl is not installed, so deploy/install.yaml was not compared with deploy/kustomize");
        Path built = Files.createTempFile("install", ".yaml");

        Process kustomize = new ProcessBuilder(
                        "kubectl", "kustomize", DEPLOY.resolve("kustomize").toString())
                .redirectOutput(built.toFile())
                .start();
        String errors = new String(kustomize.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(kustomize.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(kustomize.exitValue()).as(errors).isZero();
        assertThat(documents(DEPLOY.resolve("install.yaml")))
                .as("deploy/install.yaml is out of date: run `make install-yaml` and commit the result")
                .containsExactlyInAnyOrderElementsOf(documents(built));
        Files.delete(built);
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
