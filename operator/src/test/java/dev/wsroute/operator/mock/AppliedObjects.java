// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Server-side apply for the mock's CRUD mode, which answers it with 415. An object is created or merged, and the applied
 * fields are listed in its managed fields, by which the operator sees that it is up to date. Fields are never removed, and
 * lists are owned as a whole: enough for one manager that applies the same fields each time.
 */
final class AppliedObjects extends KubernetesCrudDispatcher {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> BY_NAME = Set.of("containers", "env");
    private static final String JSON_TYPE = "application/json";
    private static final String APPLY = "application/apply-patch+yaml";

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        String type = String.valueOf(request.getHeader("content-type"));
        String path = request.getPath().replaceFirst("\\?.*", "");
        if (!type.startsWith(APPLY)) {
            return super.handlePatch(request(HttpMethod.PATCH, path, type, request.getUtf8Body()));
        }
        try {
            ObjectNode applied = (ObjectNode) JSON.readTree(request.getUtf8Body());
            boolean status = path.endsWith("/status");
            if (!status) {
                own(applied);
            }
            MockResponse found = super.handleGet(path.replaceFirst("/status$", ""));
            if (found.code() == HttpURLConnection.HTTP_NOT_FOUND) {
                return status
                        ? found
                        : handleCreate(request(
                                HttpMethod.POST,
                                path.substring(0, path.lastIndexOf('/')),
                                JSON_TYPE,
                                applied.toString()));
            }
            ObjectNode merged = (ObjectNode) JSON.readTree(found.getBody().readUtf8());
            merge(merged, applied);
            return handleUpdate(request(HttpMethod.PUT, path, JSON_TYPE, merged.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void merge(ObjectNode into, ObjectNode applied) {
        applied.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode more && into.get(field.getKey()) instanceof ObjectNode there) {
                merge(there, more);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private static RecordedRequest request(HttpMethod method, String path, String type, String text) {
        return new RecordedRequest(
                "HTTP/1.1",
                method,
                path,
                Headers.builder().add("content-type", type).build(),
                new Buffer(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void own(ObjectNode applied) {
        ObjectNode fields = fields(applied);
        fields.remove(List.of("f:apiVersion", "f:kind"));
        ((ObjectNode) fields.path("f:metadata")).remove(List.of("f:name", "f:namespace", "f:resourceVersion"));
        ObjectNode entry = JSON.createObjectNode();
        entry.put("manager", "wsroute-operator")
                .put("operation", "Apply")
                .put("apiVersion", applied.path("apiVersion").asText())
                .put("fieldsType", "FieldsV1")
                .set("fieldsV1", fields);
        ((ObjectNode) applied.path("metadata")).putArray("managedFields").add(entry);
    }

    private static ObjectNode fields(JsonNode object) {
        ObjectNode fields = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            fields.set("f:" + field.getKey(), below(field.getKey(), field.getValue()));
        }
        return fields;
    }

    private static ObjectNode below(String field, JsonNode value) {
        if (value.isObject()) {
            return fields(value);
        }
        ObjectNode items = JSON.createObjectNode();
        if (BY_NAME.contains(field)) {
            value.forEach(item -> items.set("k:{\"name\":" + item.path("name") + "}", fields(item)));
        }
        return items;
    }
}
