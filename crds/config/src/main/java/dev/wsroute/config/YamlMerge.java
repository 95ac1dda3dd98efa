// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Resolves merge keys (yaml.org/type/merge.html): adds the fields of the objects under {@code <<} that are not set. */
final class YamlMerge {

    private static final String KEY = "<<";

    private YamlMerge() {}

    /** The tree with its merge keys resolved. A value that cannot be merged is kept. */
    static JsonNode merged(JsonNode node) {
        for (JsonNode child : node) {
            merged(child);
        }
        if (node instanceof ObjectNode object && object.has(KEY)) {
            JsonNode value = object.get(KEY);
            List<ObjectNode> sources = sources(value);
            if (!sources.isEmpty()) {
                object.remove(KEY);
                sources.forEach(source -> addTo(object, source));
            }
        }
        return node;
    }

    private static List<ObjectNode> sources(JsonNode value) {
        if (value instanceof ObjectNode one) {
            return List.of(one);
        }
        if (value instanceof ArrayNode many) {
            List<ObjectNode> objects = new ArrayList<>();
            for (JsonNode each : many) {
                if (!(each instanceof ObjectNode object)) {
                    return List.of();
                }
                objects.add(object);
            }
            return objects;
        }
        return List.of();
    }

    private static void addTo(ObjectNode object, ObjectNode source) {
        source.properties().forEach(field -> {
            if (!object.has(field.getKey())) {
                object.set(field.getKey(), field.getValue());
            }
        });
    }
}
