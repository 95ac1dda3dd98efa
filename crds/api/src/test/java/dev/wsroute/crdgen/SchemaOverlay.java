// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * JSON merge patches (RFC 7396) for schema nodes, by path. In a path, {@code **} stands for anything. Patches apply in
 * the order of the document; one that matches no node is an error, since its field no longer exists.
 */
final class SchemaOverlay {

    private final ObjectNode patches;

    SchemaOverlay(ObjectNode patches) {
        this.patches = patches;
    }

    void apply(ObjectNode schema) {
        for (Map.Entry<String, JsonNode> patch : patches.properties()) {
            Pattern path = pattern(patch.getKey());
            long applied = SchemaNodes.byPath(schema).entrySet().stream()
                    .filter(node -> path.matcher(node.getKey()).matches())
                    .peek(node -> merge(node.getValue(), patch.getValue()))
                    .count();
            if (applied == 0) {
                throw new IllegalStateException(
                        "the overlay patches " + patch.getKey() + ", which is not in the schema");
            }
        }
    }

    private static Pattern pattern(String path) {
        return Pattern.compile(Pattern.quote(path).replace("**", "\\E.*\\Q"));
    }

    private static void merge(ObjectNode target, JsonNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value.isObject() && !isValue(entry.getKey())) {
                merge(target.withObjectProperty(entry.getKey()), value);
            } else {
                target.set(entry.getKey(), value.deepCopy());
            }
        }
    }

    /** A default is a value, not a schema: it is replaced as a whole. */
    private static boolean isValue(String key) {
        return key.equals("default");
    }
}
