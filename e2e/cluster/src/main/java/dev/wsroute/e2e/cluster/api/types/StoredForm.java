// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.Map;
import java.util.Set;

/**
 * The form in which Kubernetes returns built-in objects: quantities are canonical, and empty fields that its Go types omit
 * are omitted. A client that insists on another form sees a permanent difference, as on a real cluster.
 */
public final class StoredForm {

    /** Fields whose zero or false is equivalent to their absence. */
    private static final Set<String> OMITTED_WHEN_ZERO = Set.of(
            "initialDelaySeconds",
            "minReadySeconds",
            "nodePort",
            "hostPort",
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "stdin",
            "stdinOnce",
            "tty",
            "paused",
            "publishNotReadyAddresses");

    /** Lists that are returned even if empty. */
    private static final Set<String> KEPT_WHEN_EMPTY =
            Set.of("rules", "endpoints", "verbs", "versions", "conditions", "storedVersions", "policyTypes");

    private StoredForm() {}

    /** Converts a built-in object to this form in place. */
    public static void apply(JsonNode value, Schema schema) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : Json.fields(object)) {
                Schema of = schema.field(field.getKey());
                if (of != null) {
                    apply(object, field.getKey(), field.getValue(), of);
                }
            }
        } else if (value.isArray()) {
            value.forEach(item -> apply(item, schema.itemsOrAny()));
        }
    }

    private static void apply(ObjectNode object, String name, JsonNode value, Schema schema) {
        if (isQuantity(schema) && value.isValueNode()) {
            object.put(name, QuantityText.canonical(value.asText()));
        } else if (isEmpty(name, value, schema)) {
            object.remove(name);
        } else {
            apply(value, schema);
        }
    }

    private static boolean isEmpty(String name, JsonNode value, Schema schema) {
        if (value.isArray() || (value.isObject() && schema.additional() != null)) {
            return value.isEmpty() && !KEPT_WHEN_EMPTY.contains(name);
        }
        return OMITTED_WHEN_ZERO.contains(name)
                && ((value.isNumber() && value.asLong() == 0) || (value.isBoolean() && !value.asBoolean()));
    }

    private static boolean isQuantity(Schema schema) {
        return schema.raw().path("format").asText().equals("quantity");
    }
}
