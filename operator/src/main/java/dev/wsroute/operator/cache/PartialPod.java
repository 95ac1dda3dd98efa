// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Trims a pod to its identity, its owner, its deletion cost, and the parts of its status that explain why it does not run. A running pod takes
 * a few hundred bytes; its spec, with whatever tenants put into environment variables, is never cached.
 */
public final class PartialPod {

    /** In characters; container runtimes quote whole responses of registries. */
    private static final int MAX_MESSAGE = 1024;

    private static final int MAX_CONTAINERS = 16;

    /** The annotation that the operator writes to choose which pod ends. */
    public static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    /** In characters; a valid cost, of 32 bits, has at most 11. */
    private static final int MAX_COST = 16;

    private PartialPod() {}

    /** Trims {@code pod}. */
    public static ObjectNode of(JsonNode pod) {
        ObjectNode kept = PartialObject.pick(pod, List.of("apiVersion", "kind"));
        ObjectNode metadata = PartialObject.identity(pod.path("metadata"));
        JsonNode cost = pod.path("metadata").path("annotations").path(DELETION_COST);
        if (cost.isTextual() && cost.textValue().length() <= MAX_COST) {
            metadata.putObject("annotations").set(DELETION_COST, cost);
        }
        kept.set("metadata", metadata);
        kept.set("status", status(pod.path("status")));
        return kept;
    }

    private static ObjectNode status(JsonNode status) {
        ObjectNode kept = explained(status, List.of("phase", "reason"));
        ArrayNode conditions = kept.putArray("conditions");
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")
                    && condition.path("status").asText().equals("False")) {
                conditions.add(explained(condition, List.of("type", "status", "reason")));
            }
        }
        containers("initContainerStatuses", status, kept);
        containers("containerStatuses", status, kept);
        return kept;
    }

    /** The containers that are not ready. A completed init container is ready. */
    private static void containers(String field, JsonNode status, ObjectNode to) {
        ArrayNode kept = to.putArray(field);
        for (JsonNode container : status.path(field)) {
            if (!container.path("ready").asBoolean() && kept.size() < MAX_CONTAINERS) {
                kept.add(container(container));
            }
        }
    }

    private static ObjectNode container(JsonNode container) {
        ObjectNode kept = PartialObject.pick(container, List.of("name", "image", "ready", "restartCount"));
        ObjectNode state = kept.putObject("state");
        JsonNode waiting = container.path("state").path("waiting");
        if (waiting.isObject()) {
            state.set("waiting", explained(waiting, List.of("reason")));
        }
        JsonNode end = container.path("lastState").path("terminated");
        if (end.isObject()) {
            kept.putObject("lastState").set("terminated", explained(end, List.of("reason", "exitCode")));
        }
        return kept;
    }

    private static ObjectNode explained(JsonNode from, List<String> fields) {
        ObjectNode kept = PartialObject.pick(from, fields);
        JsonNode message = from.path("message");
        if (message.isTextual()) {
            String text = message.textValue();
            kept.put("message", text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE));
        }
        return kept;
    }
}
