// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.http.ApiResponse.Body;
import dev.wsroute.e2e.cluster.api.ops.ApiOperations;
import dev.wsroute.e2e.cluster.api.ops.Deletions;
import dev.wsroute.e2e.cluster.api.ops.Reads.Selection;
import dev.wsroute.e2e.cluster.api.ops.WriteOptions;
import dev.wsroute.e2e.cluster.api.ops.WriteOptions.FieldValidation;
import dev.wsroute.e2e.cluster.api.patch.Patch;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.view.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Maps HTTP requests for objects and collections to verbs. */
final class ResourceRequests {

    /**
     * The object or collection that a path names.
     *
     * @param namespace "" if the path has none
     * @param name "" for the collection
     */
    record Target(ResourceType type, String namespace, String name, String subresource) {

        ObjectKey key() {
            return new ObjectKey(type.namespaced() ? namespace : "", name);
        }

        /** The collection, with the subresource if there is one. */
        String resource() {
            return subresource.isEmpty() ? type.collection() : type.collection() + "/" + subresource;
        }

        /** The verb of the request in RBAC. */
        String verb(ApiRequest request) {
            return switch (request.method()) {
                case "GET", "HEAD" -> request.flag("watch") ? "watch" : name.isEmpty() ? "list" : "get";
                case "POST" -> "create";
                case "PUT" -> "update";
                case "PATCH" -> "patch";
                case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
                default -> request.method();
            };
        }
    }

    private final ApiOperations api;
    private final PodRequests pods;

    ResourceRequests(ApiOperations api, PodRequests pods) {
        this.api = api;
        this.pods = pods;
    }

    ApiResponse handle(ApiRequest request, Target target) {
        if (target.type().collection().equals("pods") && PodRequests.SUBRESOURCES.contains(target.subresource())) {
            return pods.handle(request, target);
        }
        if (target.name().isEmpty()) {
            return switch (request.method()) {
                case "GET", "HEAD" -> request.flag("watch") ? watch(request, target) : list(request, target);
                case "POST" -> create(request, target);
                case "DELETE" -> deleteCollection(request, target);
                default -> throw notAllowed();
            };
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> request.flag("watch") ? watch(request, target) : get(request, target);
            case "PUT" -> update(request, target);
            case "PATCH" -> patch(request, target);
            case "DELETE" -> delete(request, target);
            default -> throw notAllowed();
        };
    }

    private ApiResponse get(ApiRequest request, Target target) {
        if (target.subresource().equals("scale")) {
            return ApiResponse.ok(api.scaling().get(target.type(), target.key()));
        }
        ObjectNode object = api.reads().get(target.type(), target.key());
        return ApiResponse.ok(Form.of(request.accept()).one(target.type(), object, request.parameter("includeObject")));
    }

    private ApiResponse list(ApiRequest request, Target target) {
        var page = api.reads()
                .list(
                        target.type(),
                        selection(request, target),
                        request.number("limit"),
                        request.parameter("continue"));
        ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(page.version()));
        if (!page.next().isEmpty()) {
            metadata.put("continue", page.next()).put("remainingItemCount", page.remaining());
        }
        return ApiResponse.ok(Form.of(request.accept())
                .list(target.type(), page.items(), metadata, request.parameter("includeObject")));
    }

    private ApiResponse watch(ApiRequest request, Target target) {
        return new ApiResponse.Stream(new ResourceWatch(api, request, target, selection(request, target)));
    }

    private static Selection selection(ApiRequest request, Target target) {
        String fields = request.parameter("fieldSelector");
        if (!target.name().isEmpty()) {
            fields = "metadata.name=" + target.name();
        }
        return Selection.of(target.type(), target.namespace(), request.parameter("labelSelector"), fields);
    }

    private ApiResponse create(ApiRequest request, Target target) {
        WriteOptions options = options(request);
        ObjectNode object = api.writes().create(target.type(), target.namespace(), request.object(), options);
        return written(201, request, target, object, options);
    }

    private ApiResponse update(ApiRequest request, Target target) {
        ObjectNode given = request.object();
        return change(request, target, old -> given);
    }

    private ApiResponse patch(ApiRequest request, Target target) {
        JsonNode body = request.json();
        String form = request.contentType();
        if (form.startsWith("application/apply-patch")) {
            return apply(request, target);
        }
        Patch.Kind kind = form.startsWith("application/json-patch")
                ? Patch.Kind.JSON
                : form.startsWith("application/strategic-merge-patch") ? Patch.Kind.STRATEGIC : Patch.Kind.MERGE;
        if (kind == Patch.Kind.STRATEGIC && target.type().custom()) {
            throw ApiError.of(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include:"
                            + " application/json-patch+json, application/merge-patch+json,"
                            + " application/apply-patch+yaml");
        }
        Patch patch = new Patch(kind, body);
        boolean scale = target.subresource().equals("scale");
        Schema schema = scale ? Schema.ANY : target.type().schema().get();
        return change(request, target, object -> patch.apply(object, schema));
    }

    private ApiResponse change(ApiRequest request, Target target, UnaryOperator<ObjectNode> change) {
        WriteOptions options = options(request);
        if (target.subresource().equals("scale")) {
            return ApiResponse.ok(api.scaling().update(target.type(), target.key(), options, change));
        }
        requireSubresource(target);
        ObjectNode object = api.writes().update(target.type(), target.key(), target.subresource(), options, change);
        return written(200, request, target, object, options);
    }

    private ApiResponse apply(ApiRequest request, Target target) {
        if (request.parameter("fieldManager").isEmpty()) {
            throw ApiError.badRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is"
                    + " required for apply patch");
        }
        WriteOptions options = options(request);
        requireSubresource(target);
        ObjectNode object =
                api.writes().apply(target.type(), target.key(), target.subresource(), request.object(), options);
        return written(200, request, target, object, options);
    }

    private static void requireSubresource(Target target) {
        String subresource = target.subresource();
        boolean served = subresource.isEmpty()
                || (subresource.equals("status") && target.type().status());
        if (!served) {
            throw ApiRouter.notServed();
        }
    }

    private ApiResponse delete(ApiRequest request, Target target) {
        Deletions.Options options = deleteOptions(request);
        return ApiResponse.ok(api.deletions().delete(target.type(), target.key(), options));
    }

    private ApiResponse deleteCollection(ApiRequest request, Target target) {
        Deletions.Options options = deleteOptions(request);
        List<ObjectNode> items = api.reads()
                .list(target.type(), selection(request, target), 0, "")
                .items();
        for (ObjectNode item : items) {
            ObjectKey key =
                    new ObjectKey(Json.text(item, "metadata", "namespace"), Json.text(item, "metadata", "name"));
            api.deletions().delete(target.type(), key, options);
        }
        ObjectNode metadata =
                Json.object().put("resourceVersion", Long.toString(api.store().version()));
        return ApiResponse.ok(Form.OBJECT.list(target.type(), items, metadata, ""));
    }

    private static Deletions.Options deleteOptions(ApiRequest request) {
        ObjectNode body = request.json() instanceof ObjectNode object ? object : Json.object();
        if (request.query().containsKey("gracePeriodSeconds")) {
            body.put("gracePeriodSeconds", request.number("gracePeriodSeconds"));
        }
        if (request.query().containsKey("propagationPolicy")) {
            body.put("propagationPolicy", request.parameter("propagationPolicy"));
        }
        boolean dryRun =
                !request.parameter("dryRun").isEmpty() || !body.path("dryRun").isEmpty();
        return Deletions.Options.of(body, dryRun);
    }

    private static ApiResponse written(
            int code, ApiRequest request, Target target, ObjectNode object, WriteOptions options) {
        JsonNode shown = Form.of(request.accept()).one(target.type(), object, request.parameter("includeObject"));
        return new Body(code, shown, List.copyOf(options.warnings()));
    }

    static WriteOptions options(ApiRequest request) {
        FieldValidation validation =
                switch (request.parameter("fieldValidation")) {
                    case "Strict" -> FieldValidation.STRICT;
                    case "Ignore" -> FieldValidation.IGNORE;
                    default -> FieldValidation.WARN;
                };
        boolean dryRun = !request.parameter("dryRun").isEmpty();
        return new WriteOptions(request.fieldManager(), dryRun, validation, request.flag("force"), new ArrayList<>());
    }

    static ApiError notAllowed() {
        return ApiError.of(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }
}
