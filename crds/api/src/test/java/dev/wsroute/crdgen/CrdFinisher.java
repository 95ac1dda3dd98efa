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
import java.util.function.Consumer;

/** Completes a generated CRD with what the generator cannot express: column order, list types, exact bounds. */
final class CrdFinisher {

    /** Columns of kubectl, from left to right; those of {@code -o wide} last. */
    private static final List<String> COLUMNS =
            List.of("Hosts", "Backends", "Proxies", "Ready", "Age", "Programmed", "Address");

    /** What a policy has in common with a route: the path in its own schema, and that in the schema of routes. */
    private static final Map<String, String> OF_ROUTES =
            Map.of("spec.access", "spec.rules[].access", "status.ancestors[].conditions", "status.conditions");

    private final Map<String, String> labels;
    private final Consumer<ObjectNode> bounds;
    private final SchemaOverlay overlay;

    private CrdFinisher(Map<String, String> labels, Consumer<ObjectNode> bounds, SchemaOverlay overlay) {
        this.labels = labels;
        this.bounds = bounds;
        this.overlay = overlay;
    }

    /** For the CRD of routes, whose fields have the bounds of the proxy's document. */
    static CrdFinisher ofRoutes(SchemaOverlay overlay) {
        return new CrdFinisher(Map.of(), DocumentBounds::apply, overlay);
    }

    /**
     * For the CRD of policies, which says the same as that of routes of the fields that both have.
     *
     * @param routes the completed CRD of routes
     */
    static CrdFinisher ofPolicies(SchemaOverlay overlay, ObjectNode routes) {
        Map<String, ObjectNode> known = SchemaNodes.byPath(CommittedFiles.schema(routes));
        return new CrdFinisher(
                // https://gateway-api.sigs.k8s.io/geps/gep-713/
                Map.of("gateway.networking.k8s.io/policy", "Direct"),
                schema -> {
                    Map<String, ObjectNode> own = SchemaNodes.byPath(schema);
                    OF_ROUTES.forEach((path, inRoutes) ->
                            own.get(path).removeAll().setAll(known.get(inRoutes).deepCopy()));
                },
                overlay);
    }

    /** Returns a completed copy. The output is deterministic, with keys in alphabetical order. */
    ObjectNode finish(ObjectNode generated) {
        ObjectNode crd = generated.deepCopy();
        labels.forEach((key, value) ->
                crd.withObjectProperty("metadata").withObjectProperty("labels").put(key, value));
        for (JsonNode version : crd.at("/spec/versions")) {
            if (version.get("additionalPrinterColumns") instanceof ArrayNode columns) {
                order(columns);
            }
            ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
            bounds.accept(schema);
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
