// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch: a merge patch that merges lists by key and supports directives ($patch, $retainKeys,
 * $deleteFromPrimitiveList, $setElementOrder). The merge key is the first of the schema's list-map keys.
 */
final class StrategicMergePatch {

    private StrategicMergePatch() {}

    static JsonNode apply(JsonNode target, JsonNode patch, Schema schema) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        String directive = changes.path("$patch").asText();
        if (directive.equals("replace")) {
            ObjectNode replacement = changes.deepCopy();
            replacement.remove("$patch");
            return replacement;
        } else if (directive.equals("delete")) {
            return Json.object();
        }
        ObjectNode merged = target.isObject() ? target.deepCopy() : Json.object();
        if (changes.has("$retainKeys")) {
            merged.retain(Json.texts(changes.get("$retainKeys")));
        }
        for (Map.Entry<String, JsonNode> field : changes.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.startsWith("$deleteFromPrimitiveList/")) {
                deleteMembers(merged.path(afterSlash(name)), value);
            } else if (!name.startsWith("$")) {
                if (value.isNull()) {
                    merged.remove(name);
                } else {
                    merged.set(name, field(merged.path(name), value, schema.fieldOrAny(name)));
                }
            }
        }
        for (Map.Entry<String, JsonNode> field : changes.properties()) {
            if (field.getKey().startsWith("$setElementOrder/")) {
                String name = afterSlash(field.getKey());
                if (merged.get(name) instanceof ArrayNode list) {
                    merged.set(name, ordered(list, field.getValue(), mergeKey(schema.fieldOrAny(name))));
                }
            }
        }
        return merged;
    }

    private static JsonNode field(JsonNode target, JsonNode value, Schema schema) {
        if (!value.isArray()) {
            return apply(target, value, schema);
        }
        if (schema.listKind() == Schema.ListKind.SET) {
            ArrayNode union = target.isArray() ? target.deepCopy() : Json.array();
            value.forEach(item -> {
                if (indexOf(union, item, null) < 0) {
                    union.add(item);
                }
            });
            return union;
        }
        String key = mergeKey(schema);
        return key == null || !target.isArray() ? withoutDirectives(value) : items(target, value, key, schema);
    }

    private static JsonNode items(JsonNode target, JsonNode changes, String key, Schema schema) {
        for (JsonNode change : changes) {
            if (change.path("$patch").asText().equals("replace")) {
                return withoutDirectives(changes);
            }
        }
        ArrayNode merged = target.deepCopy();
        for (JsonNode change : changes) {
            int index = indexOf(merged, change, key);
            if (change.path("$patch").asText().equals("delete")) {
                if (index >= 0) {
                    merged.remove(index);
                }
            } else if (index >= 0) {
                merged.set(index, apply(merged.get(index), change, schema.itemsOrAny()));
            } else {
                merged.add(apply(Json.object(), change, schema.itemsOrAny()));
            }
        }
        return merged;
    }

    private static JsonNode withoutDirectives(JsonNode list) {
        ArrayNode plain = Json.array();
        for (JsonNode item : list) {
            if (!item.has("$patch")) {
                plain.add(item.deepCopy());
            }
        }
        return plain;
    }

    private static void deleteMembers(JsonNode list, JsonNode members) {
        if (list instanceof ArrayNode array) {
            for (JsonNode member : members) {
                int index = indexOf(array, member, null);
                if (index >= 0) {
                    array.remove(index);
                }
            }
        }
    }

    /** Items that are not in the order remain after the item that they followed. */
    private static ArrayNode ordered(ArrayNode list, JsonNode order, @Nullable String key) {
        List<JsonNode> rest = new ArrayList<>();
        list.forEach(rest::add);
        ArrayNode sorted = Json.array();
        for (JsonNode wanted : order) {
            int index = indexOf(list, wanted, key);
            if (index >= 0 && rest.remove(list.get(index))) {
                sorted.add(list.get(index));
            }
        }
        rest.forEach(item -> sorted.insert(Math.min(indexOf(list, item, key), sorted.size()), item));
        return sorted;
    }

    private static int indexOf(ArrayNode list, JsonNode wanted, @Nullable String key) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            if (key == null ? Json.same(item, wanted) : Json.same(item.path(key), wanted.path(key))) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String mergeKey(Schema schema) {
        return schema.listKind() == Schema.ListKind.MAP && !schema.listKeys().isEmpty()
                ? schema.listKeys().get(0)
                : null;
    }

    private static String afterSlash(String directive) {
        return directive.substring(directive.indexOf('/') + 1);
    }
}
