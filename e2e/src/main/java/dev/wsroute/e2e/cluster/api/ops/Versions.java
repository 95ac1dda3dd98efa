package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;

/** Objects in the API version that they are asked in. Versions differ in their name alone, as with conversion "None". */
final class Versions {

    private Versions() {}

    static ObjectNode as(ResourceType type, ObjectNode object) {
        if (Json.text(object, "apiVersion").equals(type.apiVersion())) {
            return object;
        }
        ObjectNode converted = Json.object();
        converted.setAll(object);
        return converted.put("apiVersion", type.apiVersion());
    }
}
