// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.List;
import java.util.stream.Stream;

/** JSON patch, RFC 6902. */
final class JsonPatch {

    private final ObjectNode document;

    private JsonPatch(ObjectNode document) {
        this.document = document;
    }

    /**
     * Patches an object.
     *
     * @throws ApiError (422) if an operation does not fit the document
     */
    static ObjectNode apply(ObjectNode target, JsonNode operations) {
        if (!operations.isArray()) {
            throw ApiError.badRequest("a JSON patch is a list of operations");
        }
        JsonPatch patch = new JsonPatch(target.deepCopy());
        operations.forEach(patch::apply);
        return patch.document;
    }

    private void apply(JsonNode operation) {
        String path = operation.path("path").asText();
        String from = operation.path("from").asText();
        JsonNode value = operation.path("value");
        switch (operation.path("op").asText()) {
            case "add" -> put(path, value, true);
            case "remove" -> remove(path);
            case "replace" -> {
                existing(path);
                put(path, value, false);
            }
            case "move" -> {
                JsonNode moved = existing(from);
                remove(from);
                put(path, moved, true);
            }
            case "copy" -> put(path, existing(from).deepCopy(), true);
            case "test" -> {
                if (!Json.same(existing(path), value)) {
                    throw unfit("testing value " + path + " failed");
                }
            }
            default -> throw ApiError.badRequest("unknown JSON patch operation " + operation);
        }
    }

    private void put(String path, JsonNode value, boolean insert) {
        List<String> tokens = tokens(path);
        JsonNode parent = parent(tokens, path);
        String last = tokens.get(tokens.size() - 1);
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else if (parent instanceof ArrayNode array) {
            int index = last.equals("-") ? array.size() : index(last, path);
            if (index > array.size()) {
                throw missing(path);
            }
            if (insert) {
                array.insert(index, value);
            } else {
                array.set(index, value);
            }
        } else {
            throw missing(path);
        }
    }

    private void remove(String path) {
        existing(path);
        List<String> tokens = tokens(path);
        String last = tokens.get(tokens.size() - 1);
        JsonNode parent = parent(tokens, path);
        if (parent instanceof ObjectNode object) {
            object.remove(last);
        } else if (parent instanceof ArrayNode array) {
            array.remove(index(last, path));
        }
    }

    private JsonNode existing(String path) {
        JsonNode here = document;
        for (String token : tokens(path)) {
            here = here.isArray() ? here.path(index(token, path)) : here.path(token);
        }
        if (here.isMissingNode()) {
            throw missing(path);
        }
        return here;
    }

    private JsonNode parent(List<String> tokens, String path) {
        JsonNode here = document;
        for (String token : tokens.subList(0, tokens.size() - 1)) {
            here = here.isArray() ? here.path(index(token, path)) : here.path(token);
        }
        return here;
    }

    private static List<String> tokens(String path) {
        if (!path.startsWith("/")) {
            throw unfit("the path \"" + path + "\" names no part of the document");
        }
        return Stream.of(path.substring(1).split("/", -1))
                .map(token -> token.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    private static int index(String token, String path) {
        if (!token.matches("\\d{1,9}")) {
            throw missing(path);
        }
        return Integer.parseInt(token);
    }

    private static ApiError missing(String path) {
        return unfit("the path \"" + path + "\" does not exist in the document");
    }

    private static ApiError unfit(String message) {
        return ApiError.of(
                422, "Invalid", "the server rejected our request due to an error in our request: " + message);
    }
}
