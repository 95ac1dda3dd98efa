// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replaces null from Jackson by the documented default. */
final class Defaults {

    private Defaults() {}

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    static <T> List<T> list(@Nullable List<T> value) {
        return value == null ? List.of() : List.copyOf(value);
    }
}
