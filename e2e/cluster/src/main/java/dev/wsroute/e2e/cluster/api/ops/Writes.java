// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.fields.Ambiguity;
import dev.wsroute.e2e.cluster.api.fields.FieldManager;
import dev.wsroute.e2e.cluster.api.fields.FieldManager.Writer;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.store.Store;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Create, update, patch and apply. Each write holds the store's lock for all that it reads and changes. */
public final class Writes {

    private static final List<String> KEPT_METADATA = List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "resourceVersion");

    private final Store store;
    private final WriteAdmission admission;
    private final Clock clock;
    private final NameRules names = new NameRules();
    private final PodAdmission pods;

    Writes(Store store, WriteAdmission admission, Clock clock) {
        this.store = store;
        this.admission = admission;
        this.clock = clock;
        this.pods = new PodAdmission(store);
    }

    /** Returns the created object with its defaults. */
    public ObjectNode create(ResourceType type, String namespace, ObjectNode given, WriteOptions options) {
        return store.locked(() -> {
            ObjectNode object = given.deepCopy();
            admission.conform(type, object, null, options);
            ObjectNode metadata = Json.metadata(object);
            if (metadata.hasNonNull("resourceVersion")
                    && !metadata.path("resourceVersion").asText().isEmpty()) {
                throw ApiError.badRequest("resourceVersion should not be set on objects to be created");
            }
            stampNew(type, namespace, object);
            dropStatus(type, object);
            admission.validate(type, object, null);
            FieldManager.recordUpdate(Json.object(), object, type.schema().get(), writer(type, "", options));
            return insert(type, object, options);
        });
    }

    /**
     * Replaces an object by the result of {@code change}: an update, or a patch other than apply.
     *
     * @param subresource "", "status" or "scale"
     */
    public ObjectNode update(
            ResourceType type,
            ObjectKey key,
            String subresource,
            WriteOptions options,
            UnaryOperator<ObjectNode> change) {
        return store.locked(() -> {
            ObjectNode live = Versions.as(type, live(type, key));
            ObjectNode object = change.apply(live.deepCopy());
            Identity.check(type, live, object);
            admission.conform(type, object, live, options);
            return replace(type, key, subresource, live, object, false, options);
        });
    }

    /** Server-side apply. Creates the object if it does not exist. */
    public ObjectNode apply(
            ResourceType type, ObjectKey key, String subresource, ObjectNode config, WriteOptions options) {
        return store.locked(() -> {
            admission.checkApplied(type, config, key.namespace(), key.name());
            ObjectNode found = store.get(type.collection(), key);
            ObjectNode live = found == null ? null : Versions.as(type, found);
            if (live == null && !subresource.isEmpty()) {
                throw ApiError.notFound(type.collection(), key.name());
            }
            if (live != null) {
                // An object that does not exist is created whatever the version: clients use it to say "create, don't
                // overwrite".
                Identity.check(type, live, config);
            }
            Ambiguity.check(
                    config, type.schema().get(), key.namespace() + "/" + key.name(), type.apiVersion(), type.kind());
            ObjectNode merged = FieldManager.apply(
                    live == null ? Json.object() : live,
                    config,
                    type.schema().get(),
                    writer(type, subresource, options),
                    options.force());
            merged.put("apiVersion", type.apiVersion()).put("kind", type.kind());
            Json.metadata(merged).put("name", key.name());
            admission.conform(type, merged, live, options);
            if (live != null) {
                return replace(type, key, subresource, live, merged, true, options);
            }
            stampNew(type, key.namespace(), merged);
            dropStatus(type, merged);
            admission.validate(type, merged, null);
            return insert(type, merged, options);
        });
    }

    /**
     * Returns the current object.
     *
     * @throws ApiError (404) if there is no such object
     */
    ObjectNode live(ResourceType type, ObjectKey key) {
        ObjectNode live = store.get(type.collection(), key);
        if (live == null) {
            throw ApiError.notFound(type.collection(), key.name());
        }
        return live;
    }

    private ObjectNode insert(ResourceType type, ObjectNode object, WriteOptions options) {
        ObjectKey key =
                new ObjectKey(Json.text(object, "metadata", "namespace"), Json.text(object, "metadata", "name"));
        requireNamespace(type, key);
        if (type.collection().equals("pods")) {
            pods.admit(object, key);
        }
        if (store.get(type.collection(), key) != null) {
            throw ApiError.alreadyExists(type.collection(), key.name());
        }
        return options.dryRun()
                ? object
                : Versions.as(type, store.put(type.collection(), key, Versions.stored(object)));
    }

    private ObjectNode replace(
            ResourceType type,
            ObjectKey key,
            String subresource,
            ObjectNode live,
            ObjectNode given,
            boolean applied,
            WriteOptions options) {
        ObjectNode object = given;
        if (subresource.equals("status")) {
            object = live.deepCopy();
            Json.put(object, "status", given.get("status"));
            Json.put(Json.metadata(object), "managedFields", Json.at(given, "metadata", "managedFields"));
        } else if (type.status()) {
            Json.put(object, "status", live.path("status").deepCopy());
        }
        ObjectNode metadata = Json.metadata(object);
        KEPT_METADATA.forEach(field -> Json.put(metadata, field, Json.at(live, "metadata", field)));
        if (type.generations() && Identity.specChanged(type, live, object)) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        admission.validate(type, object, live);
        if (!applied) {
            FieldManager.recordUpdate(live, object, type.schema().get(), writer(type, subresource, options));
        }
        if (Json.same(live, object)) {
            return live;
        }
        if (options.dryRun()) {
            return object;
        }
        boolean deleting = metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0
                && Json.at(object, "spec", "finalizers").isEmpty();
        ObjectNode stored = Versions.as(type, store.put(type.collection(), key, Versions.stored(object)));
        if (deleting) {
            store.remove(type.collection(), key);
        }
        return stored;
    }

    private void stampNew(ResourceType type, String namespace, ObjectNode object) {
        ObjectNode metadata = Json.metadata(object);
        String prefix = metadata.path("generateName").asText("");
        if (metadata.path("name").asText("").isEmpty() && !prefix.isEmpty()) {
            metadata.put("name", names.generated(prefix));
        }
        String named = metadata.path("namespace").asText("");
        if (type.namespaced() && !named.isEmpty() && !named.equals(namespace)) {
            throw ApiError.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the" + " request");
        }
        Json.put(metadata, "namespace", type.namespaced() ? Json.fromValue(namespace) : null);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", now());
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"));
        if (type.generations()) {
            metadata.put("generation", 1);
        }
    }

    /** A new object has no status, except for kinds whose creators report it at once. */
    private static void dropStatus(ResourceType type, ObjectNode object) {
        if (type.status() && !type.kind().equals("Node")) {
            JsonNode initial = type.custom() ? null : StatusDefaults.initial(type.kind());
            Json.put(object, "status", initial);
        }
    }

    private void requireNamespace(ResourceType type, ObjectKey key) {
        if (!type.namespaced()) {
            return;
        }
        ObjectNode namespace = store.get("namespaces", new ObjectKey("", key.namespace()));
        if (namespace == null) {
            throw ApiError.notFound("namespaces", key.namespace());
        }
        if (Json.at(namespace, "metadata").has("deletionTimestamp")) {
            throw ApiError.terminating(type.collection(), key.name(), key.namespace());
        }
    }

    private Writer writer(ResourceType type, String subresource, WriteOptions options) {
        return new Writer(options.manager(), type.apiVersion(), subresource, type.status(), now());
    }

    /** Returns the time in the format of objects. */
    String now() {
        return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    Clock clock() {
        return clock;
    }
}
