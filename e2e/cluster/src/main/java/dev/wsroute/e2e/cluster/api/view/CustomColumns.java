// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The additionalPrinterColumns of a definition. */
final class CustomColumns {

    private CustomColumns() {}

    static List<Column> of(ResourceType type) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.of("Name", object -> Json.text(object, "metadata", "name")));
        if (type.columns().isEmpty()) {
            columns.add(Column.of("Age", Ages::sinceCreation));
        }
        for (ObjectNode definition : type.columns()) {
            JsonPath path = JsonPath.parse(definition.path("jsonPath").asText());
            String kind = definition.path("type").asText();
            columns.add(new Column(
                    definition.path("name").asText(),
                    kind,
                    definition.path("description").asText(""),
                    definition.path("priority").asInt(),
                    object -> cell(path.first(object), kind)));
        }
        return columns;
    }

    private static @Nullable Object cell(JsonNode value, String kind) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return switch (kind) {
            case "date" -> Ages.since(value.asText());
            case "integer" -> value.isNumber() ? value.longValue() : null;
            case "number" -> value.isNumber() ? value.doubleValue() : null;
            case "boolean" -> value.isBoolean() ? value.booleanValue() : null;
            default -> value.isValueNode() ? value.asText() : value.toString();
        };
    }
}
