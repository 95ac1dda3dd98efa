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
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Validates the routes and policies in deploy/examples against their CRDs. */
@ParameterizedClass
@CsvSource({"websocketroutes, WebSocketRoute", "websocketpolicies, WebSocketPolicy"})
class ExamplesTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Map<String, ObjectNode> schema;
    private final Set<String> used = new TreeSet<>();

    ExamplesTest(String plural, String kind) throws IOException {
        JsonNode crd = CommittedFiles.read(Path.of("../" + plural + ".wsroute.dev.yaml"));
        schema = SchemaNodes.byPath((ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema"));
        for (JsonNode object : objects(kind, Path.of("../../deploy/examples"))) {
            use("spec", object.get("spec"));
        }
    }

    @Test
    void theExamplesUseOnlyFieldsOfTheCrd() {
        assertThat(schema.keySet()).containsAll(used);
    }

    @Test
    void everyFieldOfASpecOccursInAnExample() {
        // Examples of Kubernetes' scheduling types are not complete, and those of access are in routes.
        assertThat(schema.keySet().stream()
                        .filter(path -> path.startsWith("spec"))
                        .filter(path -> !path.matches(
                                "spec\\.access\\..*|spec\\.proxy\\.affinity\\.[^.]*\\..*|.*\\.labelSelector\\..*")))
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

    private static List<JsonNode> objects(String kind, Path folder) throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll().stream()
                        .filter(document -> document.path("kind").asText().equals(kind))
                        .forEach(objects::add);
            }
        }
        return objects;
    }
}
