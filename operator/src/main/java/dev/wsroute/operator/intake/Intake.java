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
 * What becomes of an object that the API sent in a list or a watch. A small one that can be read is kept as it is, a large
 * one is cut down by its {@link WatchedKind}, and of one that cannot be read the head is kept, so that a single object of a
 * tenant never breaks the list that all are in.
 */
final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** No object of Kubernetes' own types nests half as deep; managed fields may, up to what the API takes. */
    private static final int MAX_DEPTH = 100;

    /** In bytes of JSON, some 20 MB once they are read. */
    private static final int MOST_OF_PAGE = 4 * 1024 * 1024;

    private static final ObjectMapper JSON =
            JsonMapper.builder(factory(MAX_DEPTH)).build();

    /** For what must be passed over, however deep it is and however long its names are. */
    private static final JsonFactory ANY = factory(Integer.MAX_VALUE);

    /** What the head needs of them is shallow: the API knows their types. */
    private static final List<String> NESTED = List.of("labels", "ownerReferences");

    /** In characters: no event below it is cut down but for a route that cannot be read. */
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
     * What is kept of the items of one page: of what is large no more than fits, since anybody can make an object look like
     * a route's. The rest are heads, which are read when they are needed. Slices, which are not, have smaller pages.
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

    /** What is kept of an item of a list of {@code kind}. */
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
            // Never so for what an API server sends: the client says what is wrong with it.
            LOG.debug("An object is no object", e);
            return json;
        }
    }

    /** Of the built-in kinds the API itself vouches for the types; of routes it knows only their schema. */
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

    /** The same for the event of a watch, which says its object's kind. */
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

    /** Of the object that begins here, without going into what is not needed. */
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
