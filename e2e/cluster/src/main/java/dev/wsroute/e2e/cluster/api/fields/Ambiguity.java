// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.fields.FieldPath.Element;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Items of one list with the same key. An API server refuses to apply them, before it validates anything, with an internal
 * error: {@code typed.ParseableType.FromUnstructured} of structured-merge-diff.
 */
public final class Ambiguity {

    private Ambiguity() {}

    /**
     * @param name the namespace and name of the object, as messages have them
     * @throws ApiError (500) that names each key which a list has twice
     */
    public static void check(ObjectNode config, Schema schema, String name, String apiVersion, String kind) {
        List<String> errors = new ArrayList<>();
        collect(config, schema, "", errors);
        if (!errors.isEmpty()) {
            String all = errors.size() == 1 ? errors.get(0) : "errors:\n  " + String.join("\n  ", errors);
            String version = apiVersion.contains("/") ? apiVersion : "/" + apiVersion;
            throw ApiError.unexplained(
                    "failed to create typed patch object (" + name + "; " + version + ", Kind=" + kind + "): " + all);
        }
    }

    /** Also what merges as a whole is read. */
    private static void collect(JsonNode value, Schema schema, String at, List<String> errors) {
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                collect(field.getValue(), schema.fieldOrAny(field.getKey()), at + "." + field.getKey(), errors);
            }
        } else if (schema.associative(value)) {
            Set<Element> seen = new LinkedHashSet<>();
            Set<Element> twice = new LinkedHashSet<>();
            for (JsonNode item : value) {
                Element element = FieldPath.elementOf(item, schema);
                if (element != null) {
                    collect(item, schema.itemsOrAny(), at + element.shown(), errors);
                    if (!seen.add(element)) {
                        twice.add(element);
                    }
                }
            }
            twice.forEach(element -> errors.add(at + ": duplicate entries for key " + element.shown()));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                collect(value.get(i), schema.itemsOrAny(), at + "[" + i + "]", errors);
            }
        }
    }
}
