// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.TypeRegistry;
import java.util.List;

/**
 * The parts of OpenAPI v3 documents that kubectl reads: the schemas for "explain", and the paths that show which kinds
 * support server-side field validation.
 */
public final class OpenApi {

    private final TypeRegistry types;

    public OpenApi(TypeRegistry types) {
        this.types = types;
    }

    public ObjectNode index() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        for (ResourceType type : types.all()) {
            String path = path(type);
            Json.child(paths, path).put("serverRelativeURL", "/openapi/v3/" + path);
        }
        return index;
    }

    /**
     * Describes one API version.
     *
     * @param path such as {@code apis/apps/v1}
     */
    public ObjectNode document(String path) {
        List<ResourceType> served =
                types.all().stream().filter(type -> path(type).equals(path)).toList();
        if (served.isEmpty()) {
            throw ApiError.of(404, "NotFound", "the server could not find the requested resource");
        }
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.32.4");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        for (ResourceType type : served) {
            String base = "/" + path + (type.namespaced() ? "/namespaces/{namespace}/" : "/");
            String collection = base + type.names().plural();
            paths.putObject(collection).set("get", operation(type, "list"));
            ObjectNode item = paths.putObject(collection + "/{name}");
            item.set("get", operation(type, "get"));
            item.set("patch", operation(type, "patch"));
            schemas.set(type.group() + "." + type.version() + "." + type.kind(), schema(type));
        }
        return document;
    }

    private static ObjectNode operation(ResourceType type, String action) {
        ObjectNode operation = Json.object().put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", groupVersionKind(type));
        if (action.equals("patch")) {
            ObjectNode parameter = operation
                    .putArray("parameters")
                    .addObject()
                    .put("name", "fieldValidation")
                    .put("in", "query");
            parameter.putObject("schema").put("type", "string");
        }
        operation.putObject("responses");
        return operation;
    }

    private static JsonNode schema(ResourceType type) {
        ObjectNode schema = type.schema().get().raw().deepCopy();
        schema.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(type));
        return schema;
    }

    private static ObjectNode groupVersionKind(ResourceType type) {
        return Json.object()
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
    }

    private static String path(ResourceType type) {
        return type.group().isEmpty() ? "api/" + type.version() : "apis/" + type.apiVersion();
    }
}
