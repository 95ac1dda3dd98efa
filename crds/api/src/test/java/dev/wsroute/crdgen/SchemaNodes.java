// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The nodes of an OpenAPI schema by path: properties are joined by dots, the items of a list are {@code []}, the
 * values of a map are {@code {}}; the root is the empty path. For example {@code spec.proxy.tolerations[].key}.
 */
final class SchemaNodes {

    private SchemaNodes() {}

    static Map<String, ObjectNode> byPath(ObjectNode root) {
        Map<String, ObjectNode> nodes = new LinkedHashMap<>();
        collect("", root, nodes);
        return nodes;
    }

    private static void collect(String path, JsonNode node, Map<String, ObjectNode> into) {
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        into.put(path, schema);
        String prefix = path.isEmpty() ? "" : path + ".";
        schema.path("properties")
                .properties()
                .forEach(property -> collect(prefix + property.getKey(), property.getValue(), into));
        collect(path + "[]", schema.path("items"), into);
        collect(path + "{}", schema.path("additionalProperties"), into);
    }
}
