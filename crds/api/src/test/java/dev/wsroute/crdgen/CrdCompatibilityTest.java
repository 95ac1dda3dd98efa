// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrdCompatibilityTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {type: string}                 | {type: integer}                | spec.f has another type
            {type: string, default: a}     | {type: string}                 | spec.f has another default
            {type: string}                 | {type: string, pattern: a}     | spec.f has another pattern
            {enum: [a, b]}                 | {enum: [a]}                    | spec.f takes fewer values
            {type: string}                 | {type: string, enum: [a]}      | spec.f takes fewer values
            {type: object}                 | {type: object, required: [g]}  | spec.f requires more fields
            {type: integer}                | {type: integer, minimum: 1}    | spec.f has a higher minimum
            {type: integer, maximum: 9}    | {type: integer, maximum: 8}    | spec.f has a lower maximum
            {type: array}                  | {type: array, maxItems: 4}     | spec.f has a lower maxItems
            {type: string}                 | {x-kubernetes-validations: [{rule: self > 1}], type: string} | spec.f has a new rule, self > 1
            {x-kubernetes-validations: [{rule: self > 1}, {rule: a}]} | {x-kubernetes-validations: [{rule: a}, {rule: self > 2}]} | spec.f has a new rule, self > 2
            """)
    void aFieldThatTakesLessBreaks(String before, String after, String sentence) throws JsonProcessingException {
        assertThat(CrdCompatibility.breaks(schema("f: " + before), schema("f: " + after), AllowedRules.NONE))
                .containsExactly(sentence);
    }

    @Test
    void aRemovedFieldBreaks() throws JsonProcessingException {
        assertThat(CrdCompatibility.breaks(
                        schema("f: {type: string}, g: {type: string}"), schema("g: {type: string}"), AllowedRules.NONE))
                .containsExactly("spec.f is gone");
    }

    @Test
    void newFieldsAndWiderBoundsDoNotBreak() throws JsonProcessingException {
        assertThat(CrdCompatibility.breaks(
                        schema(
                                "f: {enum: [a], maximum: 8, minimum: 2, pattern: x, x-kubernetes-validations: [{rule: a}]}"),
                        schema("f: {enum: [a, b], maximum: 9, minimum: 1}, g: {type: string,"
                                + " x-kubernetes-validations: [{rule: b}]}"),
                        AllowedRules.NONE))
                .isEmpty();
    }

    @Test
    void aRuleThatIsAllowedForAFieldDoesNotBreakThere() throws JsonProcessingException {
        AllowedRules allowed = new AllowedRules(List.of(new AllowedRules.Entry("spec.f", "a", "no route has it")));
        String rule = "{x-kubernetes-validations: [{rule: a}]}";

        assertThat(CrdCompatibility.breaks(schema("f: {}, g: {}"), schema("f: " + rule + ", g: " + rule), allowed))
                .containsExactly("spec.g has a new rule, a");
    }

    @Test
    void everyAllowedRuleIsInTheCrdAndHasAReason() throws IOException {
        List<Map<String, ObjectNode>> crds = new ArrayList<>();
        for (String file : List.of("websocketroutes.wsroute.dev.yaml", "websocketpolicies.wsroute.dev.yaml")) {
            ObjectNode crd = CommittedFiles.read(Path.of("..", file));
            crds.add(SchemaNodes.byPath((ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema")));
        }

        assertThat(AllowedRules.read(Path.of("src/test/resources/crd-allowed-rules.yaml"))
                        .entries())
                .isNotEmpty()
                .allSatisfy(entry -> {
                    assertThat(entry.reason()).isNotBlank();
                    assertThat(crds)
                            .filteredOn(fields -> fields.containsKey(entry.path()))
                            .flatExtracting(
                                    fields -> rules(fields.get(entry.path()).path("x-kubernetes-validations")))
                            .contains(entry.rule());
                });
    }

    private static List<String> rules(JsonNode validations) {
        List<String> rules = new ArrayList<>();
        validations.forEach(validation -> rules.add(validation.path("rule").asText()));
        return rules;
    }

    private static ObjectNode schema(String fields) throws JsonProcessingException {
        return (ObjectNode) YAML.readTree("{properties: {spec: {properties: {" + fields + "}}}}");
    }
}
