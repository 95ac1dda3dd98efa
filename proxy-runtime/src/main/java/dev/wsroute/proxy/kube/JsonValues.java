// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values of a JSON object; one that is absent or of another type is null. */
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

    /** Of what is an object in an array; none when it is no array. */
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
