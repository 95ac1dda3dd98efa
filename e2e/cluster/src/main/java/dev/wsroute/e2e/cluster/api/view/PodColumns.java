// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.List;

/** The columns of pods. */
final class PodColumns {

    static final List<Column> ALL = List.of(
            Column.of("Name", pod -> Json.text(pod, "metadata", "name")),
            Column.of("Ready", PodColumns::ready),
            Column.of("Status", PodColumns::status),
            Column.of("Restarts", PodColumns::restarts),
            Column.of("Age", Ages::sinceCreation),
            Column.wide("IP", pod -> orNone(Json.text(pod, "status", "podIP"))),
            Column.wide("Node", pod -> orNone(Json.text(pod, "spec", "nodeName"))));

    private PodColumns() {}

    private static String ready(ObjectNode pod) {
        int ready = 0;
        for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
            ready += container.path("ready").asBoolean() ? 1 : 0;
        }
        return ready + "/" + Json.at(pod, "spec", "containers").size();
    }

    /** The phase, unless the pod is terminating or a container has a more specific reason. */
    private static String status(ObjectNode pod) {
        if (Json.at(pod, "metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
            for (String state : List.of("waiting", "terminated")) {
                String reason = Json.text(container, "state", state, "reason");
                if (!reason.isEmpty()) {
                    return reason;
                }
            }
        }
        String reason = Json.text(pod, "status", "reason");
        return reason.isEmpty() ? Json.text(pod, "status", "phase") : reason;
    }

    private static String restarts(ObjectNode pod) {
        int restarts = 0;
        for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
            restarts += container.path("restartCount").asInt();
        }
        return Integer.toString(restarts);
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }
}
