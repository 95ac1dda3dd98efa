// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerPlanTest {

    private static final ImageTable IMAGES =
            new ImageTable(Map.of("echo:dev", List.of("java", "-jar", "/tmp/checkout/echo.jar")));

    private final Pod pod =
            new PodBuilder().withNewMetadata().withName("echo-1").endMetadata().build();

    @Test
    void mountsReplaceThePathsThatThePodNamesAndNotThoseOfTheProgramOnThisMachine() throws ContainerPlan.Refused {
        Container container = container().withArgs("--scratch", "/tmp/x").build();

        assertThat(plan(container).command())
                .containsExactly("java", "-jar", "/tmp/checkout/echo.jar", "--scratch", "/host/tmp/x");
    }

    @Test
    void aCommandOfThePodTakesThePlaceOfTheImagesProgram() throws ContainerPlan.Refused {
        Container container = container().withCommand("sh", "/tmp/run").build();

        assertThat(plan(container).command()).containsExactly("sh", "/host/tmp/run");
    }

    private static ContainerBuilder container() {
        return new ContainerBuilder()
                .withImage("echo:dev")
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount();
    }

    private ContainerPlan plan(Container container) throws ContainerPlan.Refused {
        return ContainerPlan.of(
                container,
                new PodFacts(pod, "127.10.0.1", "node", "127.0.0.1"),
                IMAGES,
                Map.of("tmp", Path.of("/host/tmp")),
                Map.of(),
                new ContainerPlan.References() {
                    @Override
                    public Optional<String> configMapKey(String name, String key) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<String> secretKey(String name, String key) {
                        return Optional.empty();
                    }
                });
    }
}
