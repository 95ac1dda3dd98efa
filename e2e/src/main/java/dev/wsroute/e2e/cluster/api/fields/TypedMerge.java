package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.fields.FieldPath.Element;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Merging an applied configuration into an object by its schema, and taking fields out of it. */
final class TypedMerge {

    private TypedMerge() {}

    /** Returns the live value with everything that the configuration sets. */
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
            Map<Element, JsonNode> items = new LinkedHashMap<>();
            ArrayNode merged = Json.array();
            for (JsonNode item : live) {
                Element element = FieldPath.elementOf(item, schema);
                if (element == null) {
                    merged.add(item);
                } else {
                    items.put(element, item);
                }
            }
            for (JsonNode item : config) {
                Element element = FieldPath.elementOf(item, schema);
                if (element != null) {
                    JsonNode old = items.get(element);
                    items.put(element, old == null ? item : merge(old, item, schema.itemsOrAny()));
                }
            }
            items.values().forEach(item -> merged.add(item.deepCopy()));
            return merged;
        }
        return config.deepCopy();
    }

    /** Takes fields out; an object or list that this leaves empty goes too. */
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
