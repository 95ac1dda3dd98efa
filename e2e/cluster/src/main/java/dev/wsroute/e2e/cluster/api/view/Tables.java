// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.util.List;

/** The tables that {@code kubectl get} prints. */
final class Tables {

    private Tables() {}

    /**
     * Creates a table.
     *
     * @param includeObject content of a row: None, Metadata (default) or Object
     */
    static ObjectNode table(ResourceType type, List<ObjectNode> objects, String version, String includeObject) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", version);
        List<Column> columns = type.custom() ? CustomColumns.of(type) : BuiltInColumns.of(type);
        ArrayNode definitions = table.putArray("columnDefinitions");
        for (Column column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.name().equals("Name") ? "name" : "")
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            columns.forEach(column -> cells.add(Json.fromValue(column.value().apply(object))));
            JsonNode carried =
                    switch (includeObject) {
                        case "None" -> Json.object().path("none");
                        case "Object" -> object;
                        default -> Form.metadataOf(object);
                    };
            Json.put(row, "object", carried);
        }
        return table;
    }
}
