// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.util.List;

/** The form in which a client accepts objects. */
public enum Form {
    OBJECT,
    TABLE,
    METADATA;

    /**
     * Reads the form from a header.
     *
     * @param accept the Accept header; its first entry with a known form decides
     */
    public static Form of(String accept) {
        for (String entry : accept.split(",", -1)) {
            if (entry.contains("as=Table") && !entry.contains("v=v1beta1")) {
                return TABLE;
            } else if (entry.contains("as=PartialObjectMetadata")) {
                return METADATA;
            } else if (entry.trim().equals("application/json")) {
                return OBJECT;
            }
        }
        return OBJECT;
    }

    /**
     * Converts one object.
     *
     * @param includeObject content of a table row: None, Metadata or Object
     */
    public ObjectNode one(ResourceType type, ObjectNode object, String includeObject) {
        return switch (this) {
            case OBJECT -> object;
            case TABLE ->
                Tables.table(
                        type,
                        List.of(object),
                        object.path("metadata").path("resourceVersion").asText(),
                        includeObject);
            case METADATA -> metadataOf(object);
        };
    }

    public ObjectNode list(ResourceType type, List<ObjectNode> items, ObjectNode metadata, String includeObject) {
        if (this == TABLE) {
            ObjectNode table = Tables.table(type, items, "", includeObject);
            table.set("metadata", metadata);
            return table;
        }
        boolean metadataOnly = this == METADATA;
        ObjectNode list = Json.object()
                .put("kind", metadataOnly ? "PartialObjectMetadataList" : type.kind() + "List")
                .put("apiVersion", metadataOnly ? "meta.k8s.io/v1" : type.apiVersion());
        list.set("metadata", metadata);
        ArrayNode array = list.putArray("items");
        items.forEach(item -> array.add(metadataOnly ? metadataOf(item) : item));
        if (metadataOnly && items.isEmpty()) {
            list.putNull("items");
        }
        return list;
    }

    static ObjectNode metadataOf(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        Json.put(partial, "metadata", object.path("metadata"));
        return partial;
    }
}
