package dev.wsroute.operator.intake;

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
 * Cuts down objects that the API sends in a list or a watch. A small, readable object is kept unchanged, a large one is
 * cut down by its {@link WatchedKind}, and an unreadable one is reduced to its head, so that one tenant's object never
 * breaks the list for all.
 */
final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** No object of Kubernetes' own types nests half as deep; managed fields may, up to what the API takes. */
    private static final int MAX_DEPTH = 100;

    /** In bytes of JSON, which take some 20 MB once parsed. */
    private static final int MOST_OF_PAGE = 4 * 1024 * 1024;

    private static final ObjectMapper JSON =
            JsonMapper.builder(factory(MAX_DEPTH)).build();

    /** For values that must be skipped, however deep they are and however long their names. */
    private static final JsonFactory ANY = factory(Integer.MAX_VALUE);

    /** The fields that a head needs are shallow, since the API knows their types. */
    private static final List<String> NESTED = List.of("labels", "ownerReferences");

    /** In characters; a smaller event is cut down only if it is an unreadable route. */
    private static final int SMALLEST = 4 * 1024;

    private static final String ROUTE = "\"WebSocketRoute\"";

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
     * Cuts down the items of one page. Large objects are kept only up to a limit, since anyone can make an object look
     * like a route's. The others become heads, which are read when needed. Slices are not read again, so their pages
     * are smaller.
     */
    ListSplitter.Reduction ofPage(WatchedKind kind) {
        AtomicInteger room = new AtomicInteger(MOST_OF_PAGE);
        return (json, depth) -> {
            byte[] kept = item(kind, json, depth);
            boolean counts = kind != WatchedKind.EndpointSlice && !kind.isSmall(kept.length);
            return counts && room.addAndGet(-kept.length) < 0 ? head(json) : kept;
        };
    }

    private static byte[] head(byte[] json) {
        try {
            return JSON.writeValueAsBytes(readHead(json));
        } catch (IOException | RuntimeException e) {
            LOG.debug("An object is no object", e);
            return json;
        }
    }

    /** Cuts down an item of a list of {@code kind}. */
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
            return JSON.writeValueAsBytes(readHead(json));
        } catch (IOException | RuntimeException e) {
            // An API server never sends this; the client reports what is wrong with it.
            LOG.debug("An object is no object", e);
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

    /** Cuts down the event of a watch, which names its object's kind. */
    String event(String json) {
        int depth = ListSplitter.depthOf(json);
        try {
            if (depth > MAX_DEPTH) {
                return JSON.writeValueAsString(readHeadOfEvent(json));
            }
            if (json.length() < SMALLEST && !json.contains(ROUTE)) {
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
            LOG.debug("An event is no event", e);
            return json;
        }
    }

    private static ObjectNode readHeadOfEvent(String json) throws IOException {
        try (JsonParser parser = ANY.createParser(json)) {
            ObjectNode event = JsonNodeFactory.instance.objectNode();
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("object")) {
                    event.set(field, readHead(parser));
                } else {
                    keepText(field, parser, event);
                }
            }
            return event;
        }
    }

    private static ObjectNode readHead(byte[] json) throws IOException {
        try (JsonParser parser = ANY.createParser(json)) {
            parser.nextToken();
            return readHead(parser);
        }
    }

    /** Reads the head of the object that begins here and skips the rest. */
    private static ObjectNode readHead(JsonParser parser) throws IOException {
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
        return WatchedKind.head(object);
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
