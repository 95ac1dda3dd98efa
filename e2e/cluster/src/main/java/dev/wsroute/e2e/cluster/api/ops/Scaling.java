// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.ResourceType.ScalePaths;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The scale subresource: the replicas of any scalable object in one form. */
public final class Scaling {

    private final Reads reads;
    private final Writes writes;

    Scaling(Reads reads, Writes writes) {
        this.reads = reads;
        this.writes = writes;
    }

    public ObjectNode get(ResourceType type, ObjectKey key) {
        return scaleOf(type, reads.get(type, key));
    }

    /**
     * Changes the replicas.
     *
     * @param change from the current scale to the wanted one
     */
    public ObjectNode update(ResourceType type, ObjectKey key, WriteOptions options, UnaryOperator<ObjectNode> change) {
        ObjectNode updated = writes.update(type, key, "scale", options, object -> {
            ObjectNode current = scaleOf(type, object);
            ObjectNode wanted = change.apply(current.deepCopy());
            String version = Json.text(wanted, "metadata", "resourceVersion");
            if (!version.isEmpty() && !version.equals(Json.text(current, "metadata", "resourceVersion"))) {
                throw ApiError.modified(type.collection(), key.name());
            }
            List<String> path = paths(type).specReplicas();
            ObjectNode parent = object;
            for (String field : path.subList(0, path.size() - 1)) {
                parent = Json.child(parent, field);
            }
            parent.set(
                    path.get(path.size() - 1),
                    Json.fromValue(Json.at(wanted, "spec", "replicas").asInt()));
            return object;
        });
        return scaleOf(type, updated);
    }

    private static ObjectNode scaleOf(ResourceType type, ObjectNode object) {
        ScalePaths paths = paths(type);
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            Json.put(metadata, field, Json.at(object, "metadata", field));
        }
        scale.putObject("spec").put("replicas", at(object, paths.specReplicas()).asInt());
        ObjectNode status = scale.putObject("status");
        status.put("replicas", at(object, paths.statusReplicas()).asInt());
        String selector = paths.selector().isEmpty()
                ? labels(Json.at(object, "spec", "selector", "matchLabels"))
                : at(object, paths.selector()).asText("");
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static String labels(JsonNode matchLabels) {
        return Json.fields(matchLabels).stream()
                .map(e -> e.getKey() + "=" + e.getValue().asText())
                .collect(Collectors.joining(","));
    }

    private static JsonNode at(ObjectNode object, List<String> path) {
        return Json.at(object, path.toArray(new String[0]));
    }

    private static ScalePaths paths(ResourceType type) {
        ScalePaths paths = type.scale();
        if (paths == null) {
            throw ApiError.of(404, "NotFound", "the server could not find the requested resource");
        }
        return paths;
    }
}
