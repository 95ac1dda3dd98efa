// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Validates the routes in deploy/examples against the CRD. */
class ExamplesTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Map<String, ObjectNode> schema;
    private final Set<String> used = new TreeSet<>();

    ExamplesTest() throws IOException {
        JsonNode crd = FinishCrd.read(Path.of("../websocketroutes.wsroute.dev.yaml"));
        schema = SchemaNodes.byPath((ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema"));
        for (JsonNode route : routes(Path.of("../../deploy/examples"))) {
            use("spec", route.get("spec"));
        }
    }

    @Test
    void theExamplesUseOnlyFieldsOfTheCrd() {
        assertThat(schema.keySet()).containsAll(used);
    }

    @Test
    void everyFieldOfASpecOccursInAnExample() {
        // Examples of Kubernetes' scheduling types are not complete.
        assertThat(schema.keySet().stream()
                        .filter(path -> path.startsWith("spec"))
                        .filter(path -> !path.matches("spec\\.proxy\\.affinity\\.[^.]*\\..*|.*\\.labelSelector\\..*")))
                .allSatisfy(path -> assertThat(used).contains(path));
    }

    private void use(String path, JsonNode value) {
        used.add(path);
        value.forEach(item -> {
            if (value.isArray()) {
                use(path + "[]", item);
            }
        });
        boolean map = schema.containsKey(path + "{}");
        value.properties().forEach(field -> use(map ? path + "{}" : path + "." + field.getKey(), field.getValue()));
    }

    private static List<JsonNode> routes(Path folder) throws IOException {
        List<JsonNode> routes = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll().stream()
                        .filter(document -> document.path("kind").asText().equals("WebSocketRoute"))
                        .forEach(routes::add);
            }
        }
        return routes;
    }
}
