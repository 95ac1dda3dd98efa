// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;

/** The initial status of an object of a built-in kind. */
final class StatusDefaults {

    private StatusDefaults() {}

    static JsonNode initial(String kind) {
        ObjectNode status = Json.object();
        switch (kind) {
            case "Pod" -> status.put("phase", "Pending").put("qosClass", "BestEffort");
            case "Namespace" -> status.put("phase", "Active");
            case "Service" -> status.putObject("loadBalancer");
            case "ReplicaSet" -> status.put("replicas", 0);
            default -> {}
        }
        return status;
    }
}
