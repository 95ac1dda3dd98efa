// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Change;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.store.Store;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.TypeRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deletion. Finalizers and the grace period of pods delay it, and deleting a namespace deletes its content. The garbage
 * collector (a controller) deletes dependents, so "foreground" is the same as "background" here.
 */
public final class Deletions {

    private static final long DEFAULT_GRACE_SECONDS = 30;

    /**
     * The options of a deletion.
     *
     * @param graceSeconds null for the pod's own
     */
    public record Options(@Nullable Long graceSeconds, boolean orphan, String uid, String version, boolean dryRun) {

        static final Options PLAIN = new Options(null, false, "", "", false);

        /**
         * Reads the options.
         *
         * @param body DeleteOptions; query parameters have the same names
         */
        public static Options of(JsonNode body, boolean dryRun) {
            JsonNode grace = body.path("gracePeriodSeconds");
            boolean orphan = body.path("propagationPolicy").asText("").equals("Orphan")
                    || body.path("orphanDependents").asBoolean();
            return new Options(
                    grace.isNumber() ? grace.asLong() : null,
                    orphan,
                    Json.text(body, "preconditions", "uid"),
                    Json.text(body, "preconditions", "resourceVersion"),
                    dryRun);
        }
    }

    private final Store store;
    private final TypeRegistry types;
    private final Writes writes;

    Deletions(Store store, TypeRegistry types, Writes writes) {
        this.store = store;
        this.types = types;
        this.writes = writes;
        store.onChange(this::finishNamespace);
    }

    /** Returns the object if it still exists, or a Status if it was removed. */
    public ObjectNode delete(ResourceType type, ObjectKey key, Options options) {
        return store.locked(() -> {
            ObjectNode live = writes.live(type, key);
            checkPreconditions(type, key, live, options);
            if (options.dryRun()) {
                return live;
            }
            if (options.orphan()) {
                releaseDependents(Json.text(live, "metadata", "uid"));
            }
            long grace = type.collection().equals("pods") ? graceOf(live, options) : 0;
            boolean namespace = type.collection().equals("namespaces");
            boolean held = namespace || !Json.at(live, "metadata", "finalizers").isEmpty();
            if (held || grace > 0) {
                ObjectNode leaving = markDeleted(type, key, live, grace);
                if (namespace) {
                    empty(key.name());
                }
                return leaving;
            }
            store.remove(type.collection(), key);
            return gone(type, live);
        });
    }

    private ObjectNode markDeleted(ResourceType type, ObjectKey key, ObjectNode live, long grace) {
        JsonNode since = Json.at(live, "metadata", "deletionTimestamp");
        long current = Json.at(live, "metadata", "deletionGracePeriodSeconds").asLong();
        if (!since.isMissingNode() && grace >= current) {
            return live;
        }
        ObjectNode leaving = live.deepCopy();
        ObjectNode metadata = Json.metadata(leaving);
        Instant end = Instant.now(writes.clock()).plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS);
        metadata.put("deletionTimestamp", end.toString()).put("deletionGracePeriodSeconds", grace);
        if (type.generations()) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        if (type.collection().equals("namespaces")) {
            Json.child(leaving, "status").put("phase", "Terminating");
        }
        return store.put(type.collection(), key, leaving);
    }

    /** Does not wait for a pod that has ended or is not on a node. */
    private static long graceOf(ObjectNode pod, Options options) {
        String phase = Json.text(pod, "status", "phase");
        if (Json.text(pod, "spec", "nodeName").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return 0;
        }
        if (options.graceSeconds() != null) {
            return options.graceSeconds();
        }
        return Json.at(pod, "spec", "terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS);
    }

    private static void checkPreconditions(ResourceType type, ObjectKey key, ObjectNode live, Options options) {
        String uid = Json.text(live, "metadata", "uid");
        if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
            throw ApiError.conflict(
                    type.collection(),
                    key.name(),
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: " + uid);
        }
        String version = Json.text(live, "metadata", "resourceVersion");
        if (!options.version().isEmpty() && !options.version().equals(version)) {
            throw ApiError.modified(type.collection(), key.name());
        }
    }

    private void releaseDependents(String uid) {
        for (String collection : store.collections()) {
            for (Map.Entry<ObjectKey, ObjectNode> entry : store.list(collection, "", null)) {
                JsonNode owners = Json.at(entry.getValue(), "metadata", "ownerReferences");
                ArrayNode others = Json.array();
                owners.forEach(owner -> {
                    if (!owner.path("uid").asText().equals(uid)) {
                        others.add(owner);
                    }
                });
                if (others.size() < owners.size()) {
                    ObjectNode released = entry.getValue().deepCopy();
                    Json.put(Json.metadata(released), "ownerReferences", others.isEmpty() ? null : others);
                    store.put(collection, entry.getKey(), released);
                }
            }
        }
    }

    private void empty(String namespace) {
        for (String collection : store.collections()) {
            List<ResourceType> served = types.ofCollection(collection);
            if (!served.isEmpty() && served.get(0).namespaced()) {
                for (Map.Entry<ObjectKey, ObjectNode> entry : store.list(collection, namespace, null)) {
                    delete(served.get(0), entry.getKey(), Options.PLAIN);
                }
            }
        }
        removeWhenEmpty(namespace);
    }

    private void finishNamespace(Change change) {
        if (change.deleted() && !change.key().namespace().isEmpty()) {
            removeWhenEmpty(change.key().namespace());
        }
    }

    private void removeWhenEmpty(String namespace) {
        ObjectKey key = new ObjectKey("", namespace);
        ObjectNode live = store.get("namespaces", key);
        if (live != null
                && Json.at(live, "metadata").has("deletionTimestamp")
                && store.collections().stream()
                        .allMatch(collection ->
                                store.list(collection, namespace, null).isEmpty())) {
            store.remove("namespaces", key);
        }
    }

    private static ObjectNode gone(ResourceType type, ObjectNode object) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Success")
                .putObject("details")
                .put("name", Json.text(object, "metadata", "name"))
                .put("group", type.group())
                .put("kind", type.names().plural())
                .put("uid", Json.text(object, "metadata", "uid"));
        return status;
    }
}
