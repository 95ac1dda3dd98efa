// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A path to a field or list item in managedFields. */
record FieldPath(List<Element> elements) {

    static final FieldPath ROOT = new FieldPath(List.of());

    /** A step: into a field, to the list item with certain keys, or to a member of a set. */
    sealed interface Element {

        /** Returns the FieldsV1 notation, such as {@code f:spec} or {@code k:{"name":"a"}}. */
        String encoded();

        /** Returns the notation in messages, such as {@code .spec} or {@code [name="a"]}. */
        String shown();
    }

    record Field(String name) implements Element {
        @Override
        public String encoded() {
            return "f:" + name;
        }

        @Override
        public String shown() {
            return "." + name;
        }
    }

    /**
     * An item of a list map.
     *
     * @param keys JSON with sorted fields, so that equal keys have equal texts
     */
    record Item(String keys) implements Element {
        @Override
        public String encoded() {
            return "k:" + keys;
        }

        @Override
        public String shown() {
            return Json.fields(Json.read(keys)).stream()
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .collect(Collectors.joining(",", "[", "]"));
        }
    }

    record Member(String value) implements Element {
        @Override
        public String encoded() {
            return "v:" + value;
        }

        @Override
        public String shown() {
            return "[=" + value + "]";
        }
    }

    FieldPath then(Element element) {
        List<Element> longer = new ArrayList<>(elements);
        longer.add(element);
        return new FieldPath(List.copyOf(longer));
    }

    FieldPath field(String name) {
        return then(new Field(name));
    }

    boolean startsWith(FieldPath prefix) {
        int length = prefix.elements.size();
        return elements.size() >= length && elements.subList(0, length).equals(prefix.elements);
    }

    boolean startsWith(String... fields) {
        FieldPath prefix = ROOT;
        for (String field : fields) {
            prefix = prefix.field(field);
        }
        return startsWith(prefix);
    }

    @Override
    public String toString() {
        return elements.stream().map(Element::shown).collect(Collectors.joining());
    }

    /** Returns the path element of an item of an associative list; null if it has none of the keys. */
    static @Nullable Element elementOf(JsonNode item, Schema list) {
        if (list.listKind() == Schema.ListKind.SET) {
            return new Member(item.toString());
        }
        ObjectNode keys = Json.object();
        for (String key : list.listKeys().stream().sorted().toList()) {
            JsonNode byDefault = list.itemsOrAny().fieldOrAny(key).raw().get("default");
            if (item.hasNonNull(key)) {
                keys.set(key, item.get(key));
            } else if (byDefault != null) {
                keys.set(key, byDefault);
            }
        }
        return keys.isEmpty() ? null : new Item(keys.toString());
    }

    static Element decode(String encoded) {
        String rest = encoded.substring(Math.min(2, encoded.length()));
        if (encoded.startsWith("f:")) {
            return new Field(rest);
        } else if (encoded.startsWith("k:")) {
            ObjectNode sorted = Json.object();
            Json.fields(Json.read(rest)).stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(e -> sorted.set(e.getKey(), e.getValue()));
            return new Item(sorted.toString());
        }
        return new Member(Json.read(rest).toString());
    }
}
