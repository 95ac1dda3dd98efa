package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks a value against the validations of a structural schema, in the words of Kubernetes. */
public final class Validator {

    private final List<Cause> causes = new ArrayList<>();

    private Validator() {}

    /** Returns everything that is wrong; empty when the value is valid. */
    public static List<Cause> validate(JsonNode value, Schema schema) {
        Validator validator = new Validator();
        validator.check(value, schema, "");
        return validator.causes;
    }

    private void check(JsonNode value, Schema schema, String path) {
        if (value.isNull()) {
            if (!schema.raw().path("nullable").asBoolean() && !schema.type().isEmpty()) {
                wrongType(value, schema, path);
            }
            return;
        }
        if (!hasType(value, schema)) {
            wrongType(value, schema, path);
            return;
        }
        checkEnum(value, schema, path);
        if (value.isObject()) {
            checkObject(value, schema, path);
        } else if (value.isArray()) {
            checkArray(value, schema, path);
        } else if (value.isTextual()) {
            checkText(value.asText(), schema, path);
        } else if (value.isNumber()) {
            checkNumber(value, schema, path);
        }
        checkAlternatives(value, schema, path);
    }

    private static boolean hasType(JsonNode value, Schema schema) {
        if (schema.intOrString()) {
            return value.isTextual() || value.isNumber();
        }
        return switch (schema.type()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isNumber() && isWhole(value.decimalValue());
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    private void wrongType(JsonNode value, Schema schema, String path) {
        String type = schema.intOrString() ? "integer or string" : schema.type();
        String found = typeName(value);
        invalid(
                path,
                "\"" + found + "\"",
                path + " in body must be of type " + type + ": \"" + found + "\"",
                "FieldValueTypeInvalid");
    }

    static String typeName(JsonNode value) {
        return value.isObject()
                ? "object"
                : value.isArray()
                        ? "array"
                        : value.isTextual()
                                ? "string"
                                : value.isBoolean()
                                        ? "boolean"
                                        : value.isNull() ? "null" : value.isIntegralNumber() ? "integer" : "number";
    }

    private void checkEnum(JsonNode value, Schema schema, String path) {
        JsonNode allowed = schema.raw().path("enum");
        if (!allowed.isArray()) {
            return;
        }
        List<String> supported = new ArrayList<>();
        for (JsonNode one : allowed) {
            if (Json.same(one, value)) {
                return;
            }
            supported.add(one.toString());
        }
        add(
                path,
                "FieldValueNotSupported",
                "Unsupported value: " + value + ": supported values: " + String.join(", ", supported));
    }

    private void checkObject(JsonNode value, Schema schema, String path) {
        for (JsonNode required : schema.raw().path("required")) {
            if (!value.has(required.asText())) {
                add(join(path, required.asText()), "FieldValueRequired", "Required value");
            }
        }
        JsonNode raw = schema.raw();
        if (raw.has("minProperties") && value.size() < raw.get("minProperties").asInt()) {
            int least = raw.get("minProperties").asInt();
            invalid(
                    path,
                    Integer.toString(value.size()),
                    path + " in body should have at least " + least + " properties");
        }
        if (raw.has("maxProperties") && value.size() > raw.get("maxProperties").asInt()) {
            tooMany(path, value.size(), raw.get("maxProperties").asInt());
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            Schema of = schema.field(field.getKey());
            if (of != null) {
                boolean member = !schema.declares(field.getKey()) && !path.isEmpty();
                check(field.getValue(), of, member ? path + "." + field.getKey() : join(path, field.getKey()));
            }
        }
    }

    private void checkArray(JsonNode value, Schema schema, String path) {
        JsonNode raw = schema.raw();
        if (raw.has("maxItems") && value.size() > raw.get("maxItems").asInt()) {
            tooMany(path, value.size(), raw.get("maxItems").asInt());
        }
        if (raw.has("minItems") && value.size() < raw.get("minItems").asInt()) {
            int least = raw.get("minItems").asInt();
            invalid(path, Integer.toString(value.size()), path + " in body should have at least " + least + " items");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode item = value.get(i);
            String at = path + "[" + i + "]";
            check(item, schema.itemsOrAny(), at);
            JsonNode identity = identity(item, schema);
            if (!identity.isMissingNode() && !seen.add(identity.toString())) {
                add(at, "FieldValueDuplicate", "Duplicate value: " + identity);
            }
        }
    }

    private static JsonNode identity(JsonNode item, Schema schema) {
        if (schema.listKind() == Schema.ListKind.MAP) {
            var keys = Json.object();
            schema.listKeys().forEach(key -> Json.put(keys, key, item.path(key)));
            return keys;
        }
        boolean unique = schema.listKind() == Schema.ListKind.SET
                || schema.raw().path("uniqueItems").asBoolean();
        return unique ? item : Json.object().path("none");
    }

    private void checkText(String text, Schema schema, String path) {
        JsonNode raw = schema.raw();
        int length = text.codePointCount(0, text.length());
        if (raw.has("maxLength") && length > raw.get("maxLength").asInt()) {
            add(
                    path,
                    "FieldValueTooLong",
                    "Too long: may not be more than " + raw.get("maxLength").asInt() + " bytes");
        }
        if (raw.has("minLength") && length < raw.get("minLength").asInt()) {
            int least = raw.get("minLength").asInt();
            invalid(path, quoted(text), path + " in body should be at least " + least + " chars long");
        }
        String pattern = raw.path("pattern").asText("");
        if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
            invalid(path, quoted(text), path + " in body should match '" + pattern + "'");
        }
        String format = raw.path("format").asText("");
        if (!Formats.accepts(format, text)) {
            invalid(path, quoted(text), path + " in body must be of type " + format + ": " + quoted(text));
        }
    }

    private void checkNumber(JsonNode value, Schema schema, String path) {
        JsonNode raw = schema.raw();
        BigDecimal number = value.decimalValue();
        if (raw.has("minimum")) {
            boolean exclusive = raw.path("exclusiveMinimum").asBoolean();
            int order = number.compareTo(raw.get("minimum").decimalValue());
            if (order < 0 || (exclusive && order == 0)) {
                String than = exclusive ? "greater than " : "greater than or equal to ";
                invalid(path, value.toString(), path + " in body should be " + than + raw.get("minimum"));
            }
        }
        if (raw.has("maximum")) {
            boolean exclusive = raw.path("exclusiveMaximum").asBoolean();
            int order = number.compareTo(raw.get("maximum").decimalValue());
            if (order > 0 || (exclusive && order == 0)) {
                String than = exclusive ? "less than " : "less than or equal to ";
                invalid(path, value.toString(), path + " in body should be " + than + raw.get("maximum"));
            }
        }
        if (raw.has("multipleOf")
                && number.remainder(raw.get("multipleOf").decimalValue()).signum() != 0) {
            invalid(path, value.toString(), path + " in body should be a multiple of " + raw.get("multipleOf"));
        }
    }

    private void checkAlternatives(JsonNode value, Schema schema, String path) {
        schema.raw().path("allOf").forEach(one -> check(value, Schema.parse(one), path));
        JsonNode anyOf = schema.raw().path("anyOf");
        if (anyOf.isArray() && !schema.intOrString() && count(anyOf, value) == 0) {
            invalid(path, quotedType(value), path + " in body must validate at least one schema (anyOf)");
        }
        JsonNode oneOf = schema.raw().path("oneOf");
        if (oneOf.isArray() && count(oneOf, value) != 1) {
            invalid(path, quotedType(value), path + " in body must validate one and only one schema (oneOf)");
        }
        JsonNode not = schema.raw().path("not");
        if (not.isObject() && validate(value, Schema.parse(not)).isEmpty()) {
            invalid(path, quotedType(value), path + " in body must not validate the schema (not)");
        }
    }

    private static long count(JsonNode alternatives, JsonNode value) {
        long valid = 0;
        for (JsonNode alternative : alternatives) {
            valid += validate(value, Schema.parse(alternative)).isEmpty() ? 1 : 0;
        }
        return valid;
    }

    private void tooMany(String path, int found, int most) {
        add(path, "FieldValueTooMany", "Too many: " + found + ": must have at most " + most + " items");
    }

    private void invalid(String path, String value, String message) {
        invalid(path, value, message, "FieldValueInvalid");
    }

    private void invalid(String path, String value, String message, String reason) {
        add(path, reason, "Invalid value: " + value + ": " + message);
    }

    private void add(String path, String reason, String message) {
        causes.add(new Cause(reason, message, path.isEmpty() ? "<nil>" : path));
    }

    private static String quotedType(JsonNode value) {
        return "\"" + typeName(value) + "\"";
    }

    private static String quoted(String text) {
        return Json.fromValue(text).toString();
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
