// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API accepts what the operator's {@code migrate} prints, with every field known. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigratedRoutesTest {

    private static final Path INGRESSES = Repository.locate().get("operator/src/test/resources/golden/migrate");

    private StrictApi api;

    @BeforeAll
    void start() throws IOException {
        api = new StrictApi();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    static List<Path> ingresses() throws IOException {
        try (Stream<Path> files = Files.walk(INGRESSES)) {
            return files.filter(file -> file.endsWith("in-ingresses.yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("ingresses")
    void isAccepted(Path ingresses) throws IOException {
        List<GenericKubernetesResource> routes = Stream.of(migrate(ingresses).split("(?m)^---$", -1))
                .filter(document -> !document.isBlank())
                .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class))
                .toList();

        assertThat(routes).isNotEmpty();
        for (GenericKubernetesResource route : routes) {
            assertThat(route.getKind()).isEqualTo("WebSocketRoute");
            route.getMetadata().setNamespace("default");
            assertThat(api.apply(route).getMetadata().getUid()).isNotEmpty();
        }
    }

    private static String migrate(Path ingresses) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar",
                        Repository.locate()
                                .get("operator/target/wsroute-operator.jar")
                                .toString(),
                        "migrate",
                        "--allow-unprotected",
                        "-")
                .redirectInput(ingresses.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
