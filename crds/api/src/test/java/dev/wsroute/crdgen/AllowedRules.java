// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** CEL rules that were added to existing fields on purpose, each with the reason: {@code crd-allowed-rules.yaml}. */
record AllowedRules(List<Entry> entries) {

    static final AllowedRules NONE = new AllowedRules(List.of());

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /**
     * An added rule.
     *
     * @param path of the field in the schema, as in {@link SchemaNodes}
     * @param rule the exact CEL
     */
    record Entry(String path, String rule, String reason) {}

    static AllowedRules read(Path file) throws IOException {
        JsonNode list = YAML.readTree(file.toFile());
        return new AllowedRules(StreamSupport.stream(list.spliterator(), false)
                .map(entry -> new Entry(
                        entry.path("path").asText(),
                        entry.path("rule").asText(),
                        entry.path("reason").asText()))
                .toList());
    }

    boolean contains(String path, String rule) {
        return entries.stream().anyMatch(entry -> entry.path.equals(path) && entry.rule.equals(rule));
    }
}
