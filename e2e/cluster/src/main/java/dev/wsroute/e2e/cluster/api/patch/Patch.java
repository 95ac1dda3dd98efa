// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.ApiError;

/** A patch whose result depends only on the current object, so not an apply. */
public record Patch(Kind kind, JsonNode body) {

    public enum Kind {
        JSON,
        MERGE,
        STRATEGIC
    }

    /**
     * Patches an object.
     *
     * @throws ApiError if the patch does not fit
     */
    public ObjectNode apply(ObjectNode target, Schema schema) {
        JsonNode result =
                switch (kind) {
                    case JSON -> JsonPatch.apply(target, body);
                    case MERGE -> MergePatch.apply(target, body);
                    case STRATEGIC -> StrategicMergePatch.apply(target, body, schema);
                };
        if (result instanceof ObjectNode object) {
            return object;
        }
        throw ApiError.badRequest("the patch leaves no object");
    }
}
