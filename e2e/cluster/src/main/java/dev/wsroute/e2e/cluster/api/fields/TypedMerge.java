// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.fields.FieldPath.Element;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges an applied configuration into an object by its schema, and removes fields from it. */
final class TypedMerge {

    private TypedMerge() {}

    /** Returns the live value with all fields of the configuration. */
    static JsonNode merge(JsonNode live, JsonNode config, Schema schema) {
        if (schema.granular(live) && schema.granular(config)) {
            ObjectNode merged = live.deepCopy();
            for (Map.Entry<String, JsonNode> field : config.properties()) {
                JsonNode old = live.path(field.getKey());
                JsonNode now = field.getValue();
                merged.set(
                        field.getKey(),
                        old.isMissingNode() ? now.deepCopy() : merge(old, now, schema.fieldOrAny(field.getKey())));
            }
            return merged;
        }
        if (schema.associative(live) && schema.associative(config)) {
            return mergeLists(live, config, schema);
        }
        return config.deepCopy();
    }

    /** Uses the order of the configuration. Items only in the live list keep their position relative to their neighbours. */
    private static ArrayNode mergeLists(JsonNode live, JsonNode config, Schema schema) {
        ArrayNode merged = Json.array();
        Map<Element, JsonNode> present = elements(live, schema, merged);
        Map<Element, JsonNode> applied = elements(config, schema, Json.array());
        Deque<Element> inBoth = new ArrayDeque<>(applied.keySet());
        inBoth.retainAll(present.keySet());
        Deque<Map.Entry<Element, JsonNode>> left = new ArrayDeque<>(present.entrySet());
        applied.forEach((element, item) -> {
            takeForeign(left, inBoth.peek(), applied.keySet(), merged);
            JsonNode old = present.get(element);
            merged.add(old == null ? item.deepCopy() : merge(old, item, schema.itemsOrAny()));
            if (element.equals(inBoth.peek())) {
                inBoth.remove();
                left.poll();
            }
        });
        takeForeign(left, null, applied.keySet(), merged);
        return merged;
    }

    /** Adds live items up to {@code until}, except items of the configuration, which are added in its order. */
    private static void takeForeign(
            Deque<Map.Entry<Element, JsonNode>> left, @Nullable Element until, Set<Element> applied, ArrayNode merged) {
        while (!left.isEmpty() && !left.element().getKey().equals(until)) {
            Map.Entry<Element, JsonNode> next = left.remove();
            if (!applied.contains(next.getKey())) {
                merged.add(next.getValue().deepCopy());
            }
        }
    }

    private static Map<Element, JsonNode> elements(JsonNode list, Schema schema, ArrayNode withoutKey) {
        Map<Element, JsonNode> elements = new LinkedHashMap<>();
        for (JsonNode item : list) {
            Element element = FieldPath.elementOf(item, schema);
            if (element == null) {
                withoutKey.add(item.deepCopy());
            } else {
                elements.put(element, item);
            }
        }
        return elements;
    }

    /** Removes fields, and objects or lists that become empty. */
    static JsonNode remove(JsonNode value, Schema schema, Set<FieldPath> fields, FieldPath at) {
        if (fields.stream().noneMatch(field -> field.startsWith(at))) {
            return value;
        }
        if (schema.granular(value)) {
            ObjectNode rest = Json.object();
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                FieldPath path = at.field(field.getKey());
                if (!fields.contains(path)) {
                    JsonNode kept = remove(field.getValue(), schema.fieldOrAny(field.getKey()), fields, path);
                    boolean emptied = kept.isContainerNode()
                            && kept.isEmpty()
                            && !field.getValue().isEmpty();
                    if (!emptied) {
                        rest.set(field.getKey(), kept);
                    }
                }
            }
            return rest;
        }
        if (schema.associative(value)) {
            ArrayNode rest = Json.array();
            for (JsonNode item : value) {
                Element element = FieldPath.elementOf(item, schema);
                FieldPath path = element == null ? at : at.then(element);
                if (element == null || !fields.contains(path)) {
                    rest.add(element == null ? item : remove(item, schema.itemsOrAny(), fields, path));
                }
            }
            return rest;
        }
        return value;
    }
}
