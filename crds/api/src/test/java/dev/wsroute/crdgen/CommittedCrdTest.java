// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for every field of the committed CRDs. */
@ParameterizedClass
@ValueSource(strings = {"websocketroutes", "websocketpolicies"})
class CommittedCrdTest {

    /** Kubernetes' own fields: those of the root, and those for scheduling pods. */
    private static final Pattern FOREIGN =
            Pattern.compile("apiVersion|kind|metadata|spec\\.proxy\\.affinity\\..*|.*\\.labelSelector[.].*");

    private final Map<String, ObjectNode> fields;

    CommittedCrdTest(String plural) throws IOException {
        JsonNode version = CommittedFiles.read(Path.of("../" + plural + ".wsroute.dev.yaml"))
                .at("/spec/versions/0");
        fields = new LinkedHashMap<>(SchemaNodes.byPath((ObjectNode) version.at("/schema/openAPIV3Schema")));
    }

    @Test
    void everyFieldHasADescriptionThatIsASentence() {
        assertThat(ours(schema -> !schema.path("description").asText().matches("[A-Z0-9].*[.]|[a-z]+/[a-z]+,.*[.]")))
                .isEmpty();
    }

    @Test
    void everyStringHasABound() {
        assertThat(ours(schema -> isType(schema, "string")
                        && !schema.has("enum")
                        && !schema.has("maxLength")
                        && !schema.has("format")))
                .isEmpty();
    }

    @Test
    void everyListAndEveryMapHasABound() {
        assertThat(all(schema -> isType(schema, "array") && !schema.has("maxItems")))
                .isEmpty();
        assertThat(ours(schema -> schema.has("additionalProperties") && !schema.has("maxProperties")))
                .isEmpty();
    }

    @Test
    void everyNumberIsAnIntegerBetweenIntegers() {
        assertThat(all(schema -> isType(schema, "number"))).isEmpty();
        assertThat(all(schema -> isType(schema, "integer") && !schema.has("format")))
                .isEmpty();
        assertThat(all(schema -> schema.path("minimum").isDouble()
                        || schema.path("maximum").isDouble()))
                .isEmpty();
    }

    @Test
    void everyNumberThatAUserGivesHasAMinimumAndAMaximum() {
        assertThat(List.copyOf(fields.keySet()).stream()
                        .filter(path -> path.startsWith("spec.")
                                && !FOREIGN.matcher(path).matches())
                        // Absent means for ever, and there is no upper bound.
                        .filter(path -> !path.endsWith(".tolerationSeconds"))
                        .filter(path -> isType(fields.get(path), "integer"))
                        .filter(path -> !fields.get(path).has("minimum")
                                || !fields.get(path).has("maximum")))
                .isEmpty();
    }

    @Test
    void everyListDeclaresItsMergeStrategy() {
        assertThat(all(schema -> isType(schema, "array") && !schema.has("x-kubernetes-list-type")))
                .isEmpty();
    }

    @Test
    void theKeysOfListsAreRequired() {
        fields.values().stream()
                .filter(schema -> schema.path("x-kubernetes-list-type").asText().equals("map"))
                .forEach(schema -> assertThat(texts(schema.at("/items/required")))
                        .containsAll(texts(schema.get("x-kubernetes-list-map-keys"))));
    }

    @Test
    void noRuleIsStatedTwiceAndEachHasAMessage() {
        assertThat(all(schema -> schema.path("x-kubernetes-validations").size()
                        != StreamSupport.stream(
                                        schema.path("x-kubernetes-validations").spliterator(), false)
                                .distinct()
                                .filter(rule -> !rule.path("message").asText().isBlank())
                                .count()))
                .isEmpty();
    }

    private List<String> all(Predicate<ObjectNode> fault) {
        return fields.keySet().stream()
                .filter(path -> fault.test(fields.get(path)))
                .toList();
    }

    private List<String> ours(Predicate<ObjectNode> fault) {
        return all(fault).stream()
                .filter(path -> !FOREIGN.matcher(path).matches())
                .toList();
    }

    private static boolean isType(JsonNode schema, String type) {
        return schema.path("type").asText().equals(type);
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
