package dev.wsroute.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Merge keys (yaml.org/type/merge.html): the fields of the object, or objects, under {@code <<}, unless they are there already. */
final class YamlMerge {

    private static final String KEY = "<<";

    private YamlMerge() {}

    /** The same tree, its merge keys replaced by what they stand for. A value that cannot be merged stays. */
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
