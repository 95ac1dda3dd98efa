// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validates a value against a structural schema, with the messages of Kubernetes. */
public final class Validator {

    private final Findings findings = new Findings();

    private Validator() {}

    /** Returns all errors; empty if the value is valid. */
    public static List<Cause> validate(JsonNode value, Schema schema) {
        Validator validator = new Validator();
        validator.check(value, schema, "");
        return validator.findings.causes();
    }

    private void check(JsonNode value, Schema schema, String path) {
        if (value.isNull()) {
            if (!schema.raw().path("nullable").asBoolean() && !schema.type().isEmpty()) {
                wrongType(value, schema, path);
            }
            return;
        }
        if (!JsonTypes.matches(value, schema)) {
            wrongType(value, schema, path);
            return;
        }
        checkEnum(value, schema, path);
        if (value.isObject()) {
            checkObject(value, schema, path);
        } else if (value.isArray()) {
            checkArray(value, schema, path);
        } else if (value.isTextual()) {
            new ScalarValidator(findings).checkText(value.asText(), schema, path);
        } else if (value.isNumber()) {
            new ScalarValidator(findings).checkNumber(value, schema, path);
        }
        checkAlternatives(value, schema, path);
    }

    private void wrongType(JsonNode value, Schema schema, String path) {
        String type = schema.intOrString() ? "integer or string" : schema.type();
        String found = JsonTypes.nameOf(value);
        findings.invalid(
                path,
                "\"" + found + "\"",
                path + " in body must be of type " + type + ": \"" + found + "\"",
                "FieldValueTypeInvalid");
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
        findings.add(
                path,
                "FieldValueNotSupported",
                "Unsupported value: " + value + ": supported values: " + String.join(", ", supported));
    }

    private void checkObject(JsonNode value, Schema schema, String path) {
        for (JsonNode required : schema.raw().path("required")) {
            if (!value.has(required.asText())) {
                findings.add(join(path, required.asText()), "FieldValueRequired", "Required value");
            }
        }
        JsonNode raw = schema.raw();
        if (raw.has("minProperties") && value.size() < raw.get("minProperties").asInt()) {
            int least = raw.get("minProperties").asInt();
            findings.invalid(
                    path,
                    Integer.toString(value.size()),
                    path + " in body should have at least " + least + " properties");
        }
        if (raw.has("maxProperties") && value.size() > raw.get("maxProperties").asInt()) {
            findings.tooMany(path, value.size(), raw.get("maxProperties").asInt());
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
            findings.tooMany(path, value.size(), raw.get("maxItems").asInt());
        }
        if (raw.has("minItems") && value.size() < raw.get("minItems").asInt()) {
            int least = raw.get("minItems").asInt();
            findings.invalid(
                    path, Integer.toString(value.size()), path + " in body should have at least " + least + " items");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode item = value.get(i);
            String at = path + "[" + i + "]";
            check(item, schema.itemsOrAny(), at);
            JsonNode identity = identity(item, schema);
            if (!identity.isMissingNode() && !seen.add(identity.toString())) {
                findings.add(at, "FieldValueDuplicate", "Duplicate value: " + identity);
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

    private void checkAlternatives(JsonNode value, Schema schema, String path) {
        schema.raw().path("allOf").forEach(one -> check(value, Schema.parse(one), path));
        JsonNode anyOf = schema.raw().path("anyOf");
        if (anyOf.isArray() && !schema.intOrString() && count(anyOf, value) == 0) {
            findings.invalid(path, quotedType(value), path + " in body must validate at least one schema (anyOf)");
        }
        JsonNode oneOf = schema.raw().path("oneOf");
        if (oneOf.isArray() && count(oneOf, value) != 1) {
            findings.invalid(path, quotedType(value), path + " in body must validate one and only one schema (oneOf)");
        }
        JsonNode not = schema.raw().path("not");
        if (not.isObject() && validate(value, Schema.parse(not)).isEmpty()) {
            findings.invalid(path, quotedType(value), path + " in body must not validate the schema (not)");
        }
    }

    private static long count(JsonNode alternatives, JsonNode value) {
        long valid = 0;
        for (JsonNode alternative : alternatives) {
            valid += validate(value, Schema.parse(alternative)).isEmpty() ? 1 : 0;
        }
        return valid;
    }

    private static String quotedType(JsonNode value) {
        return "\"" + JsonTypes.nameOf(value) + "\"";
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
