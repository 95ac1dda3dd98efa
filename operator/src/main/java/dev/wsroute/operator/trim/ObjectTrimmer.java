// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.ObjectMappers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trims objects that the API sends in a list or a watch. A small, readable object is kept unchanged, a large one is trimmed
 * by its {@link WatchedKind}, and an unreadable one is reduced to a partial object, so that one tenant's object never breaks
 * the list for all.
 */
final class ObjectTrimmer {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectTrimmer.class);

    /** Kubernetes' own types nest less than half as deep; only managed fields may nest deeper. */
    private static final int MAX_DEPTH = 100;

    /** In bytes of JSON, which take some 20 MB once parsed. */
    private static final int MAX_PAGE_BYTES = 4 * 1024 * 1024;

    private static final ObjectMapper JSON =
            JsonMapper.builder(factory(MAX_DEPTH)).build();

    /** Skips values of any depth and with names of any length. */
    private static final JsonFactory UNBOUNDED = factory(Integer.MAX_VALUE);

    /** Nested fields of a partial object. They are shallow, since the API knows their types. */
    private static final List<String> NESTED = List.of("labels", "ownerReferences");

    /** In characters; a smaller event is trimmed only if it is an unreadable route or a Secret. */
    private static final int SMALLEST = 4 * 1024;

    private static final String ROUTE = "\"WebSocketRoute\"";

    /** Secrets in either form, in case a server does not know the form that was asked for. */
    private static final List<String> SECRETS = List.of("\"" + MetadataOnly.KIND + "\"", "\"Secret\"");

    private final ObjectReader routes = ObjectMappers.create().readerFor(WebSocketRoute.class);

    private static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /**
     * Trims the items of one page. Large objects are kept only up to a total limit, since anyone can make an object look
     * like a route's. The others become partial objects, which are read from the API when needed. Those that are never read
     * again are kept; pages of slices are smaller instead.
     */
    ListSplitter.Reduction ofPage(WatchedKind kind) {
        AtomicInteger remaining = new AtomicInteger(MAX_PAGE_BYTES);
        return (json, depth) -> {
            byte[] kept = item(kind, json, depth);
            boolean counts = !kind.isAlwaysKept() && !kind.isSmall(kept.length);
            return counts && remaining.addAndGet(-kept.length) < 0 ? partial(json) : kept;
        };
    }

    private static byte[] partial(byte[] json) {
        try {
            return JSON.writeValueAsBytes(readPartial(json));
        } catch (IOException | RuntimeException e) {
            LOG.debug("A list item is not a JSON object", e);
            return json;
        }
    }

    /** Trims an item of a list of {@code kind}. */
    byte[] item(WatchedKind kind, byte[] json, int depth) {
        boolean shallow = depth <= MAX_DEPTH;
        if (shallow && kind.isSmall(json.length) && isReadable(kind, json)) {
            return json;
        }
        try {
            if (shallow && JSON.readTree(json) instanceof ObjectNode object) {
                byte[] kept = JSON.writeValueAsBytes(kind.reduce(object));
                if (isReadable(kind, kept)) {
                    return kept;
                }
            }
            return JSON.writeValueAsBytes(readPartial(json));
        } catch (IOException | RuntimeException e) {
            // An API server never sends this; the client reports the error.
            LOG.debug("A list item is not a JSON object", e);
            return json;
        }
    }

    /** The API guarantees the types of built-in kinds; of routes it checks only the schema. */
    private boolean isReadable(WatchedKind kind, byte[] json) {
        if (kind != WatchedKind.WebSocketRoute) {
            return true;
        }
        try {
            var unused = routes.readValue(json);
            return true;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            LOG.debug("A WebSocketRoute cannot be read", e);
            return false;
        }
    }

    /** Trims a watch event; its object has a kind. */
    String event(String json) {
        int depth = ListSplitter.depthOf(json);
        try {
            if (depth > MAX_DEPTH) {
                return JSON.writeValueAsString(readPartialEvent(json));
            }
            if (json.length() < SMALLEST
                    && !json.contains(ROUTE)
                    && SECRETS.stream().noneMatch(json::contains)) {
                return json;
            }
            JsonNode event = JSON.readTree(json);
            JsonNode object = event.path("object");
            WatchedKind kind = WatchedKind.ofKind(object.path("kind").asText()).orElse(null);
            if (kind == null || !(object instanceof ObjectNode)) {
                return json;
            }
            byte[] before = JSON.writeValueAsBytes(object);
            byte[] after = item(kind, before, depth);
            if (after == before) {
                return json;
            }
            return JSON.writeValueAsString(((ObjectNode) event).set("object", JSON.readTree(after)));
        } catch (IOException | RuntimeException e) {
            LOG.debug("A watch event cannot be parsed", e);
            return json;
        }
    }

    private static ObjectNode readPartialEvent(String json) throws IOException {
        try (JsonParser parser = UNBOUNDED.createParser(json)) {
            ObjectNode event = JsonNodeFactory.instance.objectNode();
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("object")) {
                    event.set(field, readPartial(parser));
                } else {
                    keepText(field, parser, event);
                }
            }
            return event;
        }
    }

    private static ObjectNode readPartial(byte[] json) throws IOException {
        try (JsonParser parser = UNBOUNDED.createParser(json)) {
            parser.nextToken();
            return readPartial(parser);
        }
    }

    /** Reads the partial object of the object that starts here, and skips the rest. */
    private static ObjectNode readPartial(JsonParser parser) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("metadata")) {
                object.set(field, readMetadata(parser));
            } else {
                keepText(field, parser, object);
            }
        }
        return WatchedKind.partial(object);
    }

    private static ObjectNode readMetadata(JsonParser parser) throws IOException {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (NESTED.contains(field)) {
                metadata.set(field, JSON.readTree(parser));
            } else {
                keepText(field, parser, metadata);
            }
        }
        return metadata;
    }

    private static void keepText(String field, JsonParser parser, ObjectNode to) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> to.put(field, parser.getText());
            case VALUE_NUMBER_INT -> to.put(field, parser.getLongValue());
            default -> parser.skipChildren();
        }
    }
}
