// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
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
            """)
    void aFieldThatTakesLessBreaks(String before, String after, String sentence) throws JsonProcessingException {
        assertThat(CrdCompatibility.breaks(schema("f: " + before), schema("f: " + after)))
                .containsExactly(sentence);
    }

    @Test
    void aRemovedFieldBreaks() throws JsonProcessingException {
        assertThat(CrdCompatibility.breaks(schema("f: {type: string}, g: {type: string}"), schema("g: {type: string}")))
                .containsExactly("spec.f is gone");
    }

    @Test
    void newFieldsAndWiderBoundsDoNotBreak() throws JsonProcessingException {
        assertThat(CrdCompatibility.breaks(
                        schema("f: {enum: [a], maximum: 8, minimum: 2, pattern: x}"),
                        schema("f: {enum: [a, b], maximum: 9, minimum: 1}, g: {type: string}")))
                .isEmpty();
    }

    private static ObjectNode schema(String fields) throws JsonProcessingException {
        return (ObjectNode) YAML.readTree("{properties: {spec: {properties: {" + fields + "}}}}");
    }
}
