// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Checks texts and numbers. */
final class ScalarValidator {

    private final Findings findings;

    ScalarValidator(Findings findings) {
        this.findings = findings;
    }

    void checkText(String text, Schema schema, String path) {
        JsonNode raw = schema.raw();
        int length = text.codePointCount(0, text.length());
        if (raw.has("maxLength") && length > raw.get("maxLength").asInt()) {
            findings.add(
                    path,
                    "FieldValueTooLong",
                    "Too long: may not be more than " + raw.get("maxLength").asInt() + " bytes");
        }
        if (raw.has("minLength") && length < raw.get("minLength").asInt()) {
            int least = raw.get("minLength").asInt();
            findings.invalid(path, quoted(text), path + " in body should be at least " + least + " chars long");
        }
        String pattern = raw.path("pattern").asText("");
        if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
            findings.invalid(path, quoted(text), path + " in body should match '" + pattern + "'");
        }
        String format = raw.path("format").asText("");
        if (!Formats.accepts(format, text)) {
            findings.invalid(path, quoted(text), path + " in body must be of type " + format + ": " + quoted(text));
        }
    }

    void checkNumber(JsonNode value, Schema schema, String path) {
        JsonNode raw = schema.raw();
        BigDecimal number = value.decimalValue();
        if (raw.has("minimum")) {
            boolean exclusive = raw.path("exclusiveMinimum").asBoolean();
            int order = number.compareTo(raw.get("minimum").decimalValue());
            if (order < 0 || (exclusive && order == 0)) {
                String than = exclusive ? "greater than " : "greater than or equal to ";
                findings.invalid(path, value.toString(), path + " in body should be " + than + raw.get("minimum"));
            }
        }
        if (raw.has("maximum")) {
            boolean exclusive = raw.path("exclusiveMaximum").asBoolean();
            int order = number.compareTo(raw.get("maximum").decimalValue());
            if (order > 0 || (exclusive && order == 0)) {
                String than = exclusive ? "less than " : "less than or equal to ";
                findings.invalid(path, value.toString(), path + " in body should be " + than + raw.get("maximum"));
            }
        }
        if (raw.has("multipleOf")
                && number.remainder(raw.get("multipleOf").decimalValue()).signum() != 0) {
            findings.invalid(
                    path, value.toString(), path + " in body should be a multiple of " + raw.get("multipleOf"));
        }
    }

    private static String quoted(String text) {
        return Json.fromValue(text).toString();
    }
}
