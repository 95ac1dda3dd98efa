// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a record type, by their names in a document. */
public final class RecordFields {

    private RecordFields() {}

    /** By name, in the order of declaration. */
    public static Map<String, RecordComponent> of(Class<?> type) {
        Map<String, RecordComponent> fields = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
            boolean renamed = property != null && !property.value().isEmpty();
            fields.put(renamed ? property.value() : component.getName(), component);
        }
        return fields;
    }

    /** Whether a document must give the field. */
    public static boolean isRequired(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property != null && property.required();
    }
}
