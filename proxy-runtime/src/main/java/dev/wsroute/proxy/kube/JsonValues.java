// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads fields of a JSON object. A field that is absent or has another type is null. */
final class JsonValues {

    private JsonValues() {}

    static @Nullable String text(JsonNode object, String field) {
        return object.path(field).textValue();
    }

    static @Nullable Integer integer(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : null;
    }

    static @Nullable Boolean flag(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isBoolean() ? value.booleanValue() : null;
    }

    /** The objects in an array; empty if it is not an array. */
    static <T> List<T> list(JsonNode array, Function<JsonNode, T> item) {
        List<T> items = new ArrayList<>();
        if (array.isArray()) {
            for (JsonNode element : array) {
                if (element.isObject()) {
                    items.add(item.apply(element));
                }
            }
        }
        return items;
    }
}
