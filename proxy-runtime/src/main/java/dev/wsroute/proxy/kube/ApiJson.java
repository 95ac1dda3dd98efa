// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Parses responses of the API. A list is parsed object by object, so that only one tree is in memory at a time. Unknown
 * fields and values of an unexpected type are ignored.
 *
 * @param <T> result of reading an object
 */
final class ApiJson<T> {

    private static final int MAX_MESSAGE = 300;

    private final ObjectMapper mapper;
    private final BiFunction<String, JsonNode, T> reader;

    /**
     * @param mapper shared, since each has caches of its own
     * @param reader takes {@code metadata.name} and the object
     */
    ApiJson(ObjectMapper mapper, BiFunction<String, JsonNode, T> reader) {
        this.mapper = mapper;
        this.reader = reader;
    }

    /** @throws IOException with a sentence if it is not a list that a watch can follow */
    Listing<T> list(byte[] json) throws IOException {
        String version = null;
        List<T> items = new ArrayList<>();
        try (JsonParser parser = mapper.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("The response to a list is not a JSON object");
            }
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (field.equals("metadata")) {
                    version = JsonValues.text(tree(parser), "resourceVersion");
                } else if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    items(parser, items);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("The response to a list is truncated");
            }
        }
        if (version == null) {
            throw new IOException("The response to a list has no resourceVersion");
        }
        return new Listing<>(version, items);
    }

    /** @throws IOException with a sentence if it is not an event */
    WatchEvent<T> event(byte[] line) throws IOException {
        JsonNode event = mapper.readTree(line);
        JsonNode object = event.path("object");
        String type = JsonValues.text(event, "type");
        if (type == null) {
            throw new IOException("A line of a watch is not an event");
        }
        String version = JsonValues.text(object.path("metadata"), "resourceVersion");
        return switch (type) {
            case "ADDED", "MODIFIED" -> new WatchEvent.Change<>(read(object), false, version);
            case "DELETED" -> new WatchEvent.Change<>(read(object), true, version);
            case "BOOKMARK" -> new WatchEvent.Bookmark<>(version);
            case "ERROR" -> new WatchEvent.Failure<>(failure(0, object));
            default -> new WatchEvent.Unknown<>(type);
        };
    }

    /** The error of a Status object, or of the HTTP status if there is none. */
    static ApiException failure(int status, byte[] body) {
        JsonNode tree;
        try {
            tree = new ObjectMapper().readTree(body);
        } catch (IOException e) {
            tree = null;
        }
        return failure(status, tree);
    }

    private static ApiException failure(int status, @Nullable JsonNode body) {
        String message = body == null ? null : JsonValues.text(body, "message");
        Integer code = body == null ? null : JsonValues.integer(body, "code");
        int known = status == 0 && code != null ? code : status;
        if (message == null || message.isBlank()) {
            return new ApiException(known, "the server answered " + known);
        }
        String text = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
        return new ApiException(known, "the server answered " + known + ": " + text);
    }

    private void items(JsonParser parser, List<T> into) throws IOException {
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            if (next == null) {
                throw new IOException("The response to a list is truncated");
            }
            into.add(read(tree(parser)));
        }
    }

    /** Reads the value at the parser's current token. */
    private JsonNode tree(JsonParser parser) throws IOException {
        return mapper.readTree(parser);
    }

    private T read(JsonNode object) throws IOException {
        String name = JsonValues.text(object.path("metadata"), "name");
        if (name == null) {
            throw new IOException("An API object has no name");
        }
        return reader.apply(name, object);
    }
}
