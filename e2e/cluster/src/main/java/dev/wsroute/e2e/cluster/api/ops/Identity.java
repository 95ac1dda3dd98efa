// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.util.LinkedHashSet;
import java.util.Set;

/** Compares what a client sends with the existing object: its identity, and whether it changes anything. */
final class Identity {

    private Identity() {}

    /**
     * Checks resource version, uid and name, as far as the client gave them.
     *
     * @throws ApiError (409) if the client meant another state or object, (400) if the names differ
     */
    static void check(ResourceType type, ObjectNode live, ObjectNode given) {
        String version = Json.text(given, "metadata", "resourceVersion");
        String name = Json.text(given, "metadata", "name");
        String current = Json.text(live, "metadata", "resourceVersion");
        if (!version.isEmpty() && !version.equals("0") && !version.equals(current)) {
            throw ApiError.modified(type.collection(), name);
        }
        String uid = Json.text(given, "metadata", "uid");
        String liveUid = Json.text(live, "metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(liveUid)) {
            throw ApiError.conflict(
                    type.collection(),
                    name,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + liveUid);
        }
        String liveName = Json.text(live, "metadata", "name");
        if (!liveName.isEmpty() && !name.isEmpty() && !liveName.equals(name)) {
            throw ApiError.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + liveName + ")");
        }
    }

    /** Whether a difference increments the generation: all fields except metadata and a separate status. */
    static boolean specChanged(ResourceType type, ObjectNode live, ObjectNode object) {
        Set<String> fields = new LinkedHashSet<>(Json.fieldNames(live));
        fields.addAll(Json.fieldNames(object));
        fields.remove("metadata");
        fields.remove("apiVersion");
        if (type.status()) {
            fields.remove("status");
        }
        return fields.stream().anyMatch(field -> !Json.same(live.path(field), object.path(field)));
    }
}
