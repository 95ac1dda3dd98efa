// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A refusal that the client sees as a Kubernetes {@code Status} object. */
public final class ApiError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One of several causes, with its field or "". */
    public record Cause(String reason, String message, String field) {}

    private final int code;
    private final transient ObjectNode status;

    private ApiError(int code, ObjectNode status) {
        super(status.path("message").asText(), null, false, false);
        this.code = code;
        this.status = status;
    }

    public int code() {
        return code;
    }

    public ObjectNode status() {
        return status.deepCopy();
    }

    public static ApiError of(int code, String reason, String message) {
        return new ApiError(code, statusOf(code, reason, message));
    }

    public static ApiError badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    public static ApiError internal(String message) {
        return of(500, "InternalError", message);
    }

    /** An internal error without a reason, as plain errors of Go become. */
    public static ApiError unexplained(String message) {
        ObjectNode status = statusOf(500, "", message);
        status.remove("reason");
        return new ApiError(500, status);
    }

    public static ApiError forbidden(String resource, String name, String message) {
        return detailed(403, "Forbidden", resource + " \"" + name + "\" is forbidden: " + message, name, resource);
    }

    /** The error of the admission plugin NamespaceLifecycle, with the cause that clients check. */
    public static ApiError terminating(String resource, String name, String namespace) {
        ApiError error = forbidden(
                resource,
                name,
                "unable to create new content in namespace " + namespace + " because it is being terminated");
        addCauses(
                (ObjectNode) error.status.get("details"),
                List.of(new Cause(
                        "NamespaceTerminating",
                        "namespace " + namespace + " is being terminated",
                        "metadata.namespace")));
        return error;
    }

    public static ApiError notFound(String resource, String name) {
        return detailed(404, "NotFound", resource + " \"" + name + "\" not found", name, resource);
    }

    public static ApiError alreadyExists(String resource, String name) {
        return detailed(409, "AlreadyExists", resource + " \"" + name + "\" already exists", name, resource);
    }

    public static ApiError modified(String resource, String name) {
        return conflict(
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiError conflict(String resource, String name, String message) {
        return detailed(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + message,
                name,
                resource);
    }

    public static ApiError gone(String message) {
        return of(410, "Expired", message);
    }

    /** A conflict in server-side apply: others own the fields. */
    public static ApiError applyConflict(String message, List<Cause> causes) {
        ObjectNode status = statusOf(409, "Conflict", message);
        addCauses(status.putObject("details"), causes);
        return new ApiError(409, status);
    }

    /** The object violates its schema or rules. The message lists all causes. */
    public static ApiError invalid(String group, String kind, String name, List<Cause> causes) {
        List<String> lines =
                causes.stream().map(c -> c.field() + ": " + c.message()).toList();
        String qualified = group.isEmpty() ? kind : kind + "." + group;
        String all = lines.size() == 1 ? lines.get(0) : "[" + String.join(", ", lines) + "]";
        ObjectNode status = statusOf(422, "Invalid", qualified + " \"" + name + "\" is invalid: " + all);
        ObjectNode details = status.putObject("details");
        details.put("name", name);
        details.put("group", group);
        details.put("kind", kind);
        addCauses(details, causes);
        return new ApiError(422, status);
    }

    private static ApiError detailed(int code, String reason, String message, String name, String resource) {
        ObjectNode status = statusOf(code, reason, message);
        ObjectNode details = status.putObject("details");
        int dot = resource.indexOf('.');
        details.put("name", name);
        details.put("kind", dot < 0 ? resource : resource.substring(0, dot));
        if (dot >= 0) {
            details.put("group", resource.substring(dot + 1));
        }
        return new ApiError(code, status);
    }

    private static void addCauses(ObjectNode details, List<Cause> causes) {
        ArrayNode array = details.putArray("causes");
        for (Cause cause : causes) {
            array.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
    }

    private static ObjectNode statusOf(int code, String reason, String message) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure")
                .put("message", message)
                .put("reason", reason)
                .put("code", code);
        return status;
    }
}
