// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Completes a generated CRD with what the generator cannot express: column order, list types, exact bounds. */
final class CrdFinisher {

    /** Columns of kubectl, from left to right; those of {@code -o wide} last. */
    private static final List<String> COLUMNS =
            List.of("Hosts", "Backends", "Proxies", "Ready", "Age", "Programmed", "Address");

    private final SchemaOverlay overlay;

    CrdFinisher(SchemaOverlay overlay) {
        this.overlay = overlay;
    }

    /** Returns a completed copy. The output is deterministic, with keys in alphabetical order. */
    ObjectNode finish(ObjectNode generated) {
        ObjectNode crd = generated.deepCopy();
        for (JsonNode version : crd.at("/spec/versions")) {
            order((ArrayNode) version.get("additionalPrinterColumns"));
            ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
            DocumentBounds.apply(schema);
            overlay.apply(schema);
            SchemaNodes.byPath(schema).values().forEach(CrdFinisher::tidy);
        }
        return (ObjectNode) sorted(crd);
    }

    private static void order(ArrayNode columns) {
        List<JsonNode> all = new ArrayList<>();
        columns.forEach(all::add);
        all.forEach(column -> {
            if (!COLUMNS.contains(column.get("name").asText())) {
                throw new IllegalStateException("printer column " + column.get("name") + " has no place in the order");
            }
            if (column.path("priority").asInt() == 0) {
                ((ObjectNode) column).remove("priority");
            }
        });
        all.sort(Comparator.comparing(
                column -> COLUMNS.indexOf(column.get("name").asText())));
        columns.removeAll().addAll(all);
    }

    private static void tidy(ObjectNode schema) {
        // The generator writes 1.0 instead of 1.
        for (String bound : List.of("minimum", "maximum")) {
            if (schema.path(bound).isFloatingPointNumber()) {
                schema.put(bound, schema.get(bound).longValue());
            }
        }
        if (schema.path("type").asText().equals("integer") && !schema.has("format")) {
            schema.put("format", "int32");
        }
        // An annotation on a record component applies to its field and its accessor, so a rule occurs twice.
        if (schema.get("x-kubernetes-validations") instanceof ArrayNode rules) {
            Set<JsonNode> distinct = new LinkedHashSet<>();
            rules.forEach(distinct::add);
            rules.removeAll().addAll(distinct);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            return new ObjectNode(JsonNodeFactory.instance, fields);
        }
        return node;
    }
}
