package dev.wsroute.operator.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Of a pod, its identity, its owner and what its status says of why it does not run. A pod that runs well takes a few
 * hundred bytes; its spec, which holds whatever tenants put into environments and annotations, is never held.
 */
public final class PodHead {

    /** In characters; the container runtime quotes whole answers of registries. */
    private static final int MAX_MESSAGE = 1024;

    private static final int MOST_CONTAINERS = 16;

    private PodHead() {}

    /** The head of {@code pod}. */
    public static ObjectNode of(JsonNode pod) {
        ObjectNode kept = Head.pick(pod, List.of("apiVersion", "kind"));
        kept.set("metadata", Head.identity(pod.path("metadata")));
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

    /** Those that are not ready. An init container that is done is ready. */
    private static void containers(String field, JsonNode status, ObjectNode to) {
        ArrayNode kept = to.putArray(field);
        for (JsonNode container : status.path(field)) {
            if (!container.path("ready").asBoolean() && kept.size() < MOST_CONTAINERS) {
                kept.add(container(container));
            }
        }
    }

    private static ObjectNode container(JsonNode container) {
        ObjectNode kept = Head.pick(container, List.of("name", "image", "ready", "restartCount"));
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
        ObjectNode kept = Head.pick(from, fields);
        JsonNode message = from.path("message");
        if (message.isTextual()) {
            String text = message.textValue();
            kept.put("message", text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE));
        }
        return kept;
    }
}
