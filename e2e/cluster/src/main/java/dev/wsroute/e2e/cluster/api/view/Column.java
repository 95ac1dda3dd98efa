// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param priority 0 is always shown, higher ones only with "-o wide"
 */
record Column(
        String name, String type, String description, int priority, Function<ObjectNode, @Nullable Object> value) {

    static Column of(String name, Function<ObjectNode, @Nullable Object> value) {
        return new Column(name, "string", name, 0, value);
    }

    static Column wide(String name, Function<ObjectNode, @Nullable Object> value) {
        return new Column(name, "string", name, 1, value);
    }
}
