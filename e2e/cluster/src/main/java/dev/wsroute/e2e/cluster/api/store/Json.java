// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON trees as this server reads, compares and writes them. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private Json() {}

    /** Returns a new, empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Returns a new, empty array. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Reads JSON, or YAML if the text is not a JSON object or array, since apply patches may be either. */
    public static JsonNode read(byte[] text) throws IOException {
        for (byte b : text) {
            if (!Character.isWhitespace(b)) {
                return b == '{' || b == '[' ? MAPPER.readTree(text) : YAML.readTree(text);
            }
        }
        return MAPPER.missingNode();
    }

    /** Reads JSON that this server wrote itself. */
    public static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] write(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode fromValue(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    public static @Nullable Object toValue(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }

    /** Returns the value at a path of object fields, or a missing node. */
    public static JsonNode at(JsonNode node, String... fields) {
        JsonNode here = node;
        for (String field : fields) {
            here = here.path(field);
        }
        return here;
    }

    /** Returns the text at a path of object fields, or "". */
    public static String text(JsonNode node, String... fields) {
        return at(node, fields).asText("");
    }

    /** Returns the object in a field, which is created if absent. */
    public static ObjectNode child(ObjectNode node, String field) {
        return node.get(field) instanceof ObjectNode object ? object : node.putObject(field);
    }

    public static ObjectNode metadata(ObjectNode object) {
        return child(object, "metadata");
    }

    /** Sets a field, or removes it if the value is missing. */
    public static void put(ObjectNode node, String field, @Nullable JsonNode value) {
        if (value == null || value.isMissingNode()) {
            node.remove(field);
        } else {
            node.set(field, value);
        }
    }

    /** Sets a field unless it already has a value other than null. */
    public static void putDefault(ObjectNode node, String field, @Nullable Object value) {
        if (!node.hasNonNull(field)) {
            node.set(field, fromValue(value));
        }
    }

    public static List<String> fieldNames(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    public static List<Map.Entry<String, JsonNode>> fields(JsonNode node) {
        return new ArrayList<>(node.properties());
    }

    public static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** Equality in which 1, 1L and 1.0 are the same number. */
    public static boolean same(JsonNode one, JsonNode other) {
        return one.equals(Json::compare, other);
    }

    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
