// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the shape of a document before it is bound to the records, so that all problems are found at once and reported with
 * their path: wrong types, missing or unknown fields, and values that are not in an enum.
 */
final class DocumentShape {

    /** Maximum length of the name of an unknown field in a sentence. */
    private static final int LONGEST_NAME = 100;

    /** What to check of a record type; reading annotations takes far longer than the checks. */
    private static final ClassValue<Map<String, Field>> FIELDS = new ClassValue<>() {
        @Override
        protected Map<String, Field> computeValue(Class<?> type) {
            Map<String, Field> fields = new LinkedHashMap<>();
            RecordFields.of(type).forEach((name, component) -> fields.put(name, Field.of(component)));
            return Collections.unmodifiableMap(fields);
        }
    };

    private final Problems problems = new Problems();
    private final Problems unknown = new Problems();

    /** Values that cannot be bound. */
    List<Problem> problems() {
        return problems.found();
    }

    /** Unknown fields. */
    List<Problem> unknown() {
        return unknown.found();
    }

    void check(JsonNode node, Class<?> type) {
        if (!node.isObject()) {
            problems.add(
                    "", "The document must be an object with fields such as listeners and routes, got " + kind(node));
            return;
        }
        checkRecord(node, type, "");
    }

    /** Checks a part of a document; {@code path} is its path. */
    void check(String path, JsonNode node, Class<?> type) {
        checkRecord(node, type, path);
    }

    private void checkRecord(JsonNode node, Class<?> type, String path) {
        if (!(node instanceof ObjectNode object)) {
            problems.add(path, "must be an object, got " + shown(node));
            return;
        }
        Map<String, Field> fields = FIELDS.get(type);
        fields.forEach((name, field) -> {
            JsonNode value = object.get(name);
            String at = path.isEmpty() ? name : path + "." + name;
            if (value != null && !value.isNull()) {
                checkValue(value, field.type, at, field.durations);
            } else if (field.required) {
                problems.add(at, "is required");
            }
        });
        object.fieldNames().forEachRemaining(name -> {
            if (!fields.containsKey(name) && !unknown.isFull()) {
                String shown = Problem.shortened(name, LONGEST_NAME);
                String at = path.isEmpty() ? shown : path + "." + shown;
                unknown.add(
                        at,
                        "is not a field of this document, the fields here are " + String.join(", ", fields.keySet()));
            }
        });
    }

    /** @param durations constraint on durations in this place */
    private void checkValue(JsonNode node, Type type, String path, String durations) {
        if (type instanceof ParameterizedType list) {
            checkList(node, list.getActualTypeArguments()[0], path);
            return;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            checkRecord(node, plain, path);
        } else if (plain.isEnum()) {
            checkEnum(node, plain, path);
        } else if (plain == Duration.class) {
            checkDuration(node, path, durations);
        } else if (plain == String.class) {
            if (!node.isTextual()) {
                problems.add(path, "must be text, got " + shown(node));
            }
        } else if (plain == Boolean.class) {
            if (!node.isBoolean()) {
                problems.add(path, "must be true or false, got " + shown(node));
            }
        } else {
            checkNumber(node, plain, path);
        }
    }

    private void checkList(JsonNode node, Type element, String path) {
        if (!node.isArray()) {
            problems.add(path, "must be a list, got " + shown(node));
            return;
        }
        for (int i = 0; i < node.size() && !problems.isFull(); i++) {
            checkValue(node.get(i), element, path + "[" + i + "]", "");
        }
    }

    private void checkEnum(JsonNode node, Class<?> type, String path) {
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
        if (node.isNumber() && words.contains(node.asText())) {
            problems.add(path, "must be text: write \"" + node.asText() + "\" in quotes");
        } else if (!node.isTextual() || !words.contains(node.textValue())) {
            problems.add(path, "must be " + String.join(" or ", words) + ", got " + shown(node));
        }
    }

    private void checkDuration(JsonNode node, String path, String sentence) {
        if (!node.isTextual() || !node.textValue().matches(Durations.PATTERN)) {
            problems.add(path, sentence + ", got " + shown(node));
        }
    }

    private void checkNumber(JsonNode node, Class<?> type, String path) {
        boolean isLong = type == long.class || type == Long.class;
        boolean fits = isLong ? node.canConvertToLong() : node.canConvertToInt();
        if (!node.isIntegralNumber() || !fits) {
            problems.add(path, "must be a whole number, got " + shown(node));
        }
    }

    private static String shown(JsonNode node) {
        String text = node.isValueNode() ? node.toString() : kind(node);
        return Problem.shortened(text, 80);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            default -> "nothing";
        };
    }

    /** @param durations constraint on a duration, if it is one */
    private record Field(Type type, boolean required, String durations) {

        static Field of(RecordComponent component) {
            return new Field(
                    component.getGenericType(),
                    RecordFields.isRequired(component),
                    component.isAnnotationPresent(Span.class)
                            ? Bound.of(component).get(0).sentence()
                            : "must be a duration such as 500ms, 15s or 1h30m");
        }
    }
}
