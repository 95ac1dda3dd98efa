// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.fields.FieldPath.Element;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Sets of fields: those of a value, and their FieldsV1 notation. */
final class FieldSets {

    private FieldSets() {}

    /** Returns the fields that a value sets: leaves, keys of maps and items of associative lists. */
    static Set<FieldPath> of(JsonNode value, Schema schema, FieldPath at) {
        Set<FieldPath> set = new LinkedHashSet<>();
        collect(value, schema, at, set);
        return set;
    }

    private static void collect(JsonNode value, Schema schema, FieldPath at, Set<FieldPath> set) {
        if (schema.granular(value)) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                FieldPath path = at.field(field.getKey());
                JsonNode child = field.getValue();
                collect(child, schema.fieldOrAny(field.getKey()), path, set);
                if (child.isNull() || (child.isObject() && child.isEmpty()) || !schema.declares(field.getKey())) {
                    set.add(path);
                }
            }
        } else if (schema.associative(value)) {
            for (JsonNode item : value) {
                Element element = FieldPath.elementOf(item, schema);
                if (element != null) {
                    collect(item, schema.itemsOrAny(), at.then(element), set);
                    set.add(at.then(element));
                }
            }
        } else {
            set.add(at);
        }
    }

    static ObjectNode encode(Set<FieldPath> set) {
        ObjectNode root = Json.object();
        for (FieldPath path : set) {
            ObjectNode here = root;
            for (Element element : path.elements()) {
                here = Json.child(here, element.encoded());
            }
            here.putObject(".");
        }
        return leavesWithoutDots(root);
    }

    /** A field with fields below it needs "." to be in the set itself. */
    private static ObjectNode leavesWithoutDots(ObjectNode node) {
        if (node.size() == 1 && node.has(".")) {
            return Json.object();
        }
        ObjectNode tidy = Json.object();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            boolean dot = field.getKey().equals(".");
            tidy.set(
                    field.getKey(),
                    dot || !(field.getValue() instanceof ObjectNode o) ? Json.object() : leavesWithoutDots(o));
        }
        return tidy;
    }

    static Set<FieldPath> decode(JsonNode fieldsV1) {
        Set<FieldPath> set = new LinkedHashSet<>();
        decode(fieldsV1, FieldPath.ROOT, set);
        return set;
    }

    private static void decode(JsonNode node, FieldPath at, Set<FieldPath> set) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (field.getKey().equals(".")) {
                set.add(at);
                continue;
            }
            FieldPath path = at.then(FieldPath.decode(field.getKey()));
            if (field.getValue().isEmpty()) {
                set.add(path);
            } else {
                decode(field.getValue(), path, set);
            }
        }
    }
}
