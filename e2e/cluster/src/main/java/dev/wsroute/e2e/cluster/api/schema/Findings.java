// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import java.util.ArrayList;
import java.util.List;

/** The errors that a validation found, with the messages of Kubernetes. */
final class Findings {

    private final List<Cause> causes = new ArrayList<>();

    List<Cause> causes() {
        return causes;
    }

    void tooMany(String path, int found, int most) {
        add(path, "FieldValueTooMany", "Too many: " + found + ": must have at most " + most + " items");
    }

    void invalid(String path, String value, String message) {
        invalid(path, value, message, "FieldValueInvalid");
    }

    void invalid(String path, String value, String message, String reason) {
        add(path, reason, "Invalid value: " + value + ": " + message);
    }

    void add(String path, String reason, String message) {
        causes.add(new Cause(reason, message, path.isEmpty() ? "<nil>" : path));
    }
}
