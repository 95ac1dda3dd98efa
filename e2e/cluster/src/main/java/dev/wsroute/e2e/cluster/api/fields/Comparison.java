// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.e2e.cluster.api.fields.FieldPath.Element;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The differences between two states of an object.
 *
 * @param written fields that were added or changed
 * @param removed fields that were removed
 */
record Comparison(Set<FieldPath> written, Set<FieldPath> removed) {

    static Comparison of(JsonNode before, JsonNode after, Schema schema) {
        Comparison comparison = new Comparison(new LinkedHashSet<>(), new LinkedHashSet<>());
        comparison.compare(before, after, schema, FieldPath.ROOT);
        return comparison;
    }

    private void compare(JsonNode before, JsonNode after, Schema schema, FieldPath at) {
        if (schema.granular(before) && schema.granular(after)) {
            Set<String> names = new LinkedHashSet<>(Json.fieldNames(before));
            names.addAll(Json.fieldNames(after));
            for (String name : names) {
                one(
                        before.path(name),
                        after.path(name),
                        schema.fieldOrAny(name),
                        at.field(name),
                        !schema.declares(name));
            }
            if (before.isEmpty() != after.isEmpty() && !at.elements().isEmpty()) {
                (after.isEmpty() ? written : removed).add(at);
            }
        } else if (schema.associative(before) && schema.associative(after)) {
            Map<Element, JsonNode> old = items(before, schema);
            Map<Element, JsonNode> now = items(after, schema);
            Set<Element> elements = new LinkedHashSet<>(old.keySet());
            elements.addAll(now.keySet());
            JsonNode absent = Json.object().path("absent");
            for (Element element : elements) {
                JsonNode o = old.getOrDefault(element, absent);
                one(o, now.getOrDefault(element, absent), schema.itemsOrAny(), at.then(element), true);
            }
        } else if (!Json.same(before, after)) {
            written.add(at);
            if (schema.granular(before) || schema.associative(before)) {
                removed.addAll(FieldSets.of(before, schema, at));
                removed.remove(at);
            }
            if (schema.granular(after) || schema.associative(after)) {
                written.addAll(FieldSets.of(after, schema, at));
            }
        }
    }

    /**
     * Compares one field.
     *
     * @param counts whether the field itself is in the set along with its content
     */
    private void one(JsonNode before, JsonNode after, Schema schema, FieldPath at, boolean counts) {
        if (before.isMissingNode()) {
            written.addAll(FieldSets.of(after, schema, at));
            if (counts || (after.isObject() && after.isEmpty())) {
                written.add(at);
            }
        } else if (after.isMissingNode()) {
            removed.addAll(FieldSets.of(before, schema, at));
            removed.add(at);
        } else {
            compare(before, after, schema, at);
        }
    }

    private static Map<Element, JsonNode> items(JsonNode list, Schema schema) {
        Map<Element, JsonNode> items = new LinkedHashMap<>();
        for (JsonNode item : list) {
            Element element = FieldPath.elementOf(item, schema);
            if (element != null) {
                items.put(element, item);
            }
        }
        return items;
    }
}
