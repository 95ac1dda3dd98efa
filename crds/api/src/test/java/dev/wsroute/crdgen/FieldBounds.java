// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.config.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The constraints on the value of a field, in words. */
final class FieldBounds {

    private static final String FITS = "fits ";

    private FieldBounds() {}

    /** One phrase per constraint; for a list or map, including those of its items or values. */
    static List<String> of(JsonNode field) {
        List<String> bounds = new ArrayList<>(own(field));
        JsonNode part = field.has("items") ? field.get("items") : field.path("additionalProperties");
        // Rules between the fields of an object are above its table.
        if (part.isObject() && !part.has("properties")) {
            of(part).stream()
                    // Already in words above.
                    .filter(bound -> !(isPattern(bound) && field.has("x-kubernetes-validations")))
                    .forEach(bound -> bounds.add("each " + bound));
        }
        return bounds;
    }

    static boolean isDuration(JsonNode field) {
        return field.path("pattern").asText().equals(Durations.PATTERN);
    }

    static boolean isQuantity(JsonNode field) {
        return field.path("pattern").asText().contains("KMGTPE");
    }

    private static boolean isPattern(String bound) {
        return bound.startsWith(FITS);
    }

    private static List<String> own(JsonNode field) {
        List<String> bounds = new ArrayList<>();
        boolean number = field.has("minimum") || field.has("maximum");
        if (number) {
            bounds.add(range(field, "minimum", "maximum", ""));
        }
        if ((field.has("minLength") || field.has("maxLength")) && !isDuration(field)) {
            bounds.add(range(field, "minLength", "maxLength", " characters"));
        }
        if (field.has("maxItems")) {
            bounds.add(range(field, "minItems", "maxItems", " items"));
        }
        if (field.has("maxProperties")) {
            bounds.add(range(field, "minProperties", "maxProperties", " entries"));
        }
        if (field.has("x-kubernetes-list-map-keys")) {
            bounds.add(ReferencePage.texts(field.get("x-kubernetes-list-map-keys")).stream()
                    .map(key -> "`" + key + "`")
                    .collect(Collectors.joining(" and ", "no two with the same ", "")));
        }
        if (field.path("x-kubernetes-list-type").asText().equals("set")) {
            bounds.add("no item twice");
        }
        if (!field.has("properties")) {
            ReferencePage.messages(field).stream()
                    // Already a range above.
                    .filter(message -> !(number && message.startsWith("must be between ")))
                    .forEach(bounds::add);
        }
        if (field.has("pattern") && !field.has("x-kubernetes-validations") && !isQuantity(field)) {
            bounds.add(FITS + "`` " + field.get("pattern").asText() + " ``");
        }
        return bounds;
    }

    private static String range(JsonNode field, String min, String max, String unit) {
        if (!field.has(max)) {
            return "at least " + field.get(min).asText() + unit;
        }
        return (field.has(min) ? field.get(min).asText() + " to " : "at most ")
                + field.get(max).asText()
                + unit;
    }
}
