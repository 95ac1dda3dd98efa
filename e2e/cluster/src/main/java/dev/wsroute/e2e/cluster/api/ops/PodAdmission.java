// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.store.Store;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The refusals of the admission plugins Priority and ResourceQuota, with their messages: a priority class that does not
 * exist, and pods beyond a quota of pods, CPU or memory. Scopes of quotas are ignored.
 */
final class PodAdmission {

    private static final Set<String> SYSTEM_CLASSES = Set.of("system-cluster-critical", "system-node-critical");

    private final Store store;

    PodAdmission(Store store) {
        this.store = store;
    }

    /** @throws ApiError (403) if the pod may not be created */
    void admit(ObjectNode pod, ObjectKey key) {
        String priority = Json.text(pod, "spec", "priorityClassName");
        if (!priority.isEmpty()
                && !SYSTEM_CLASSES.contains(priority)
                && store.get("priorityclasses.scheduling.k8s.io", new ObjectKey("", priority)) == null) {
            throw ApiError.forbidden("pods", key.name(), "no PriorityClass with name " + priority + " was found");
        }
        for (Map.Entry<ObjectKey, ObjectNode> quota : store.list("resourcequotas", key.namespace(), null)) {
            admit(pod, key, quota.getKey().name(), Json.at(quota.getValue(), "spec", "hard"));
        }
    }

    private void admit(ObjectNode pod, ObjectKey key, String quota, JsonNode hard) {
        Map<String, BigDecimal> limits = new TreeMap<>();
        hard.properties().forEach(limit -> {
            if (isOfPods(limit.getKey())) {
                limits.put(limit.getKey(), amount(limit.getValue()));
            }
        });
        requireAllSet(pod, key, quota, limits.keySet());
        List<String> exceeded = new ArrayList<>();
        limits.forEach((resource, limit) -> {
            if (used(key.namespace(), resource).add(of(pod, resource)).compareTo(limit) > 0) {
                exceeded.add(resource);
            }
        });
        if (!exceeded.isEmpty()) {
            throw ApiError.forbidden(
                    "pods",
                    key.name(),
                    "exceeded quota: " + quota
                            + ", requested: " + list(exceeded, resource -> of(pod, resource))
                            + ", used: " + list(exceeded, resource -> used(key.namespace(), resource))
                            + ", limited: " + list(exceeded, limits::get));
        }
    }

    /** A quota of CPU or memory requires each container to specify its share. */
    private static void requireAllSet(ObjectNode pod, ObjectKey key, String quota, Set<String> resources) {
        for (String resource : resources) {
            for (JsonNode container : Json.at(pod, "spec", "containers")) {
                if (!isCount(resource) && value(container, resource).isMissingNode()) {
                    throw ApiError.forbidden(
                            "pods",
                            key.name(),
                            "failed quota: " + quota + ": must specify " + resource + " for: "
                                    + container.path("name").asText());
                }
            }
        }
    }

    private static boolean isOfPods(String resource) {
        return isCount(resource) || resource.matches("((requests|limits)\\.)?(cpu|memory)");
    }

    private static boolean isCount(String resource) {
        return resource.equals("pods") || resource.equals("count/pods");
    }

    private BigDecimal used(String namespace, String resource) {
        return store.list("pods", namespace, null).stream()
                .map(Map.Entry::getValue)
                .filter(pod -> !Set.of("Succeeded", "Failed").contains(Json.text(pod, "status", "phase")))
                .map(pod -> of(pod, resource))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal of(ObjectNode pod, String resource) {
        if (isCount(resource)) {
            return BigDecimal.ONE;
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode container : Json.at(pod, "spec", "containers")) {
            sum = sum.add(amount(value(container, resource)));
        }
        return sum;
    }

    private static JsonNode value(JsonNode container, String resource) {
        int dot = resource.indexOf('.');
        return container
                .path("resources")
                .path(dot < 0 ? "requests" : resource.substring(0, dot))
                .path(resource.substring(dot + 1));
    }

    private static BigDecimal amount(JsonNode quantity) {
        return quantity.isMissingNode() ? BigDecimal.ZERO : new Quantity(quantity.asText()).getNumericalAmount();
    }

    private static String list(List<String> resources, Function<String, BigDecimal> amounts) {
        return resources.stream()
                .map(resource -> resource + "="
                        + amounts.apply(resource).stripTrailingZeros().toPlainString())
                .collect(Collectors.joining(","));
    }
}
