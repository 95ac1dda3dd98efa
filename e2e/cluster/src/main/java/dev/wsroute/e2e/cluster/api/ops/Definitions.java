// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Change;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.store.Store;
import dev.wsroute.e2e.cluster.api.types.CustomTypes;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.TypeRegistry;
import java.util.Map;

/** Serves the types of CustomResourceDefinitions as soon as these are stored. */
final class Definitions {

    static final String COLLECTION = "customresourcedefinitions.apiextensions.k8s.io";

    private final Store store;
    private final TypeRegistry types;
    private final Writes writes;

    Definitions(Store store, TypeRegistry types, Writes writes) {
        this.store = store;
        this.types = types;
        this.writes = writes;
    }

    void start() {
        store.onChange(this::follow);
    }

    private void follow(Change change) {
        if (!change.collection().equals(COLLECTION)) {
            return;
        }
        String collection = change.key().name();
        if (change.deleted()) {
            types.ofCollection(collection).forEach(types::remove);
            for (Map.Entry<ObjectKey, ObjectNode> orphan : store.list(collection, "", null)) {
                store.remove(collection, orphan.getKey());
            }
            return;
        }
        boolean sameSpec = change.before() != null
                && Json.same(change.before().path("spec"), change.after().path("spec"));
        if (!sameSpec) {
            types.ofCollection(collection).forEach(types::remove);
            CustomTypes.of(change.after()).forEach(types::add);
        }
        if (Json.at(change.after(), "status", "conditions").isEmpty()) {
            establish(change);
        }
    }

    private void establish(Change change) {
        ResourceType definitions = types.ofCollection(COLLECTION).get(0);
        WriteOptions options = WriteOptions.internal("kube-apiserver");
        writes.update(definitions, change.key(), "status", options, definition -> {
            ObjectNode status = Json.child(definition, "status");
            ArrayNode conditions = status.putArray("conditions");
            condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
            condition(conditions, "Established", "InitialNamesAccepted", "the initial names have been accepted");
            status.set("acceptedNames", Json.at(definition, "spec", "names"));
            ArrayNode stored = status.putArray("storedVersions");
            for (JsonNode version : Json.at(definition, "spec", "versions")) {
                if (version.path("storage").asBoolean()) {
                    stored.add(version.path("name").asText());
                }
            }
            return definition;
        });
    }

    private void condition(ArrayNode conditions, String type, String reason, String message) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", writes.now())
                .put("reason", reason)
                .put("message", message);
    }
}
