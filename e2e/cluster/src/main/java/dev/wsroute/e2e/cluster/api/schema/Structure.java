// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prepares an object for validation by its schema: finds and prunes undeclared fields, and fills in defaults. */
public final class Structure {

    private Structure() {}

    /** Removes undeclared fields. Returns their paths, such as {@code spec.items[0].colour}. */
    public static List<String> prune(ObjectNode object, Schema schema) {
        List<String> unknown = new ArrayList<>();
        walk(object, schema, "", unknown, true);
        return unknown;
    }

    /** Returns the paths of undeclared fields. */
    public static List<String> unknownFields(ObjectNode object, Schema schema) {
        List<String> unknown = new ArrayList<>();
        walk(object, schema, "", unknown, false);
        return unknown;
    }

    private static void walk(JsonNode value, Schema schema, String path, List<String> unknown, boolean remove) {
        if (value instanceof ObjectNode object) {
            if (schema.type().isEmpty() && schema.properties().isEmpty() && schema.preserve()) {
                return;
            }
            boolean embedded =
                    schema.raw().path("x-kubernetes-embedded-resource").asBoolean();
            for (Map.Entry<String, JsonNode> field : Json.fields(object)) {
                String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                Schema of = schema.field(field.getKey());
                boolean typeMeta =
                        embedded && List.of("apiVersion", "kind", "metadata").contains(field.getKey());
                if (of != null) {
                    walk(field.getValue(), of, at, unknown, remove);
                } else if (!typeMeta) {
                    unknown.add(at);
                    if (remove) {
                        object.remove(field.getKey());
                    }
                }
            }
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                walk(value.get(i), schema.itemsOrAny(), path + "[" + i + "]", unknown, remove);
            }
        }
    }

    /** Fills in the defaults of fields that are absent, or null although null is not allowed. */
    public static void applyDefaults(JsonNode value, Schema schema) {
        if (value instanceof ObjectNode object) {
            schema.properties().forEach((name, property) -> {
                JsonNode byDefault = property.raw().get("default");
                JsonNode present = object.get(name);
                boolean nullable = property.raw().path("nullable").asBoolean();
                if (byDefault != null && (present == null || (present.isNull() && !nullable))) {
                    object.set(name, byDefault.deepCopy());
                } else if (present != null && present.isNull() && !nullable) {
                    object.remove(name);
                }
            });
            for (Map.Entry<String, JsonNode> field : Json.fields(object)) {
                Schema of = schema.field(field.getKey());
                if (of != null) {
                    applyDefaults(field.getValue(), of);
                }
            }
        } else if (value.isArray()) {
            value.forEach(item -> applyDefaults(item, schema.itemsOrAny()));
        }
    }
}
