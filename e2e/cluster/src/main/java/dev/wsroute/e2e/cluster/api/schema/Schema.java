// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A structural schema, parsed once.
 *
 * @param raw the original schema, from which validations are read
 * @param type "" if any type is allowed
 * @param additional the schema of the values of a map; null if it is not a map
 * @param atomicMap whether server-side apply treats the object as one value
 * @param preserve whether undeclared fields are kept
 */
public record Schema(
        ObjectNode raw,
        String type,
        Map<String, Schema> properties,
        @Nullable Schema additional,
        @Nullable Schema items,
        ListKind listKind,
        List<String> listKeys,
        boolean atomicMap,
        boolean preserve) {

    /** How server-side apply merges a list. */
    public enum ListKind {
        ATOMIC,
        SET,
        MAP
    }

    /** The schema below preserved unknown fields: maps merge, lists are atomic. */
    public static final Schema ANY =
            new Schema(Json.object(), "", Map.of(), null, null, ListKind.ATOMIC, List.of(), false, true);

    public static Schema parse(JsonNode json) {
        ObjectNode raw = json instanceof ObjectNode object ? object : Json.object();
        Map<String, Schema> properties = new LinkedHashMap<>();
        Json.fields(raw.path("properties")).forEach(e -> properties.put(e.getKey(), parse(e.getValue())));
        JsonNode additional = raw.path("additionalProperties");
        boolean open = additional.isBoolean() && additional.booleanValue();
        ListKind kind =
                switch (raw.path("x-kubernetes-list-type").asText()) {
                    case "map" -> ListKind.MAP;
                    case "set" -> ListKind.SET;
                    default -> ListKind.ATOMIC;
                };
        return new Schema(
                raw,
                raw.path("type").asText(""),
                Collections.unmodifiableMap(properties),
                additional.isObject() ? parse(additional) : open ? ANY : null,
                raw.path("items").isObject() ? parse(raw.path("items")) : null,
                kind,
                Json.texts(raw.path("x-kubernetes-list-map-keys")),
                raw.path("x-kubernetes-map-type").asText().equals("atomic"),
                raw.path("x-kubernetes-preserve-unknown-fields").asBoolean());
    }

    /** Returns the schema of a field; null if the field is neither declared nor preserved. */
    public @Nullable Schema field(String name) {
        Schema declared = properties.get(name);
        if (declared != null) {
            return declared;
        }
        if (additional != null) {
            return additional;
        }
        return preserve ? ANY : null;
    }

    /** Returns the schema of a field, or {@link #ANY} if there is none. */
    public Schema fieldOrAny(String name) {
        Schema field = field(name);
        return field == null ? ANY : field;
    }

    public Schema itemsOrAny() {
        return items == null ? ANY : items;
    }

    public boolean declares(String name) {
        return properties.containsKey(name);
    }

    public boolean intOrString() {
        return raw.path("x-kubernetes-int-or-string").asBoolean();
    }

    /** Whether server-side apply merges the value field by field. */
    public boolean granular(JsonNode value) {
        return value.isObject() && !atomicMap;
    }

    /** Whether server-side apply merges the value item by item. */
    public boolean associative(JsonNode value) {
        return value.isArray() && listKind != ListKind.ATOMIC;
    }
}
