// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.util.Map;

/**
 * Objects in the API version of the request. Versions differ only in their name, as with conversion "None". Only events
 * have two forms; the form of the core group is stored.
 */
final class Versions {

    private static final String EVENTS = "events.k8s.io/v1";

    /** Names of fields in the core group, and in events.k8s.io. */
    private static final Map<String, String> EVENT_FIELDS = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount",
            "reportingComponent", "reportingController");

    private Versions() {}

    /** Returns the object in the form of a type, or the object itself if it has that form. */
    static ObjectNode as(ResourceType type, ObjectNode object) {
        if (Json.text(object, "apiVersion").equals(type.apiVersion())) {
            return object;
        }
        ObjectNode converted = Json.object();
        converted.setAll(object);
        if (type.apiVersion().equals(EVENTS)) {
            EVENT_FIELDS.forEach((core, other) -> rename(converted, core, other));
        }
        return converted.put("apiVersion", type.apiVersion());
    }

    /** Returns the object in the form that is stored. */
    static ObjectNode stored(ObjectNode object) {
        if (!Json.text(object, "apiVersion").equals(EVENTS)) {
            return object;
        }
        ObjectNode converted = Json.object();
        converted.setAll(object);
        EVENT_FIELDS.forEach((core, other) -> rename(converted, other, core));
        return converted.put("apiVersion", "v1");
    }

    /** Returns a field selector in terms of the stored form. */
    static String selectorOfStored(ResourceType type, String fields) {
        return type.apiVersion().equals(EVENTS) ? fields.replace("regarding.", "involvedObject.") : fields;
    }

    private static void rename(ObjectNode object, String from, String to) {
        JsonNode value = object.remove(from);
        if (value != null) {
            object.set(to, value);
        }
    }
}
