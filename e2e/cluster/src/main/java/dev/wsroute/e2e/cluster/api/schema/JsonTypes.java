// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** The types of JSON values as schemas name them. */
final class JsonTypes {

    private JsonTypes() {}

    static boolean matches(JsonNode value, Schema schema) {
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

    static String nameOf(JsonNode value) {
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
}
