// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The defaults of a record: the values that its constructor sets for absent fields. */
final class RecordDefaults {

    private RecordDefaults() {}

    /** A record all of whose fields are absent. */
    static Record of(Class<?> type) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Object[] absent = Arrays.stream(types)
                .map(each -> each.isPrimitive() ? Array.get(Array.newInstance(each, 1), 0) : null)
                .toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return (Record) constructor.newInstance(absent);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made without values", e);
        }
    }

    /** The default of {@code field}; null if there is none. */
    static @Nullable Object value(Record defaults, RecordComponent field) {
        try {
            return field.getType().isPrimitive() ? null : field.getAccessor().invoke(defaults);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(field + " cannot be read", e);
        }
    }
}
