// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills in the defaults of built-in kinds, so that stored objects look as in a real cluster. */
public final class BuiltInDefaults {

    private static final int DEFAULT_REVISIONS = 10;
    private static final int PROGRESS_DEADLINE_SECONDS = 600;

    private final ServiceDefaults services;

    public BuiltInDefaults(ServiceDefaults services) {
        this.services = services;
    }

    /**
     * Fills in defaults in place.
     *
     * @param old the previous object; null if it is new
     */
    public void apply(String collection, ObjectNode object, @Nullable ObjectNode old) {
        switch (collection) {
            case "pods" -> PodDefaults.apply(Json.child(object, "spec"));
            case "services" -> services.apply(object, old);
            case "secrets" -> secret(object);
            case "namespaces" -> namespace(object);
            case "deployments.apps" -> deployment(object);
            case "replicasets.apps" -> {
                replicas(object);
                template(object);
            }
            case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io" ->
                roleBinding(object);
            case "endpointslices.discovery.k8s.io" -> endpointSlice(object);
            case "customresourcedefinitions.apiextensions.k8s.io" -> definition(object);
            case "horizontalpodautoscalers.autoscaling" ->
                Json.putDefault(Json.child(object, "spec"), "minReplicas", 1);
            default -> {}
        }
    }

    private static void deployment(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        replicas(object);
        Json.putDefault(spec, "revisionHistoryLimit", DEFAULT_REVISIONS);
        Json.putDefault(spec, "progressDeadlineSeconds", PROGRESS_DEADLINE_SECONDS);
        ObjectNode strategy = Json.child(spec, "strategy");
        Json.putDefault(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = Json.child(strategy, "rollingUpdate");
            Json.putDefault(rolling, "maxUnavailable", "25%");
            Json.putDefault(rolling, "maxSurge", "25%");
        }
        template(object);
    }

    private static void replicas(ObjectNode object) {
        Json.putDefault(Json.child(object, "spec"), "replicas", 1);
    }

    private static void template(ObjectNode object) {
        PodDefaults.apply(Json.child(Json.child(Json.child(object, "spec"), "template"), "spec"));
    }

    private static void secret(ObjectNode object) {
        Json.putDefault(object, "type", "Opaque");
        if (object.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode data = Json.child(object, "data");
            for (Map.Entry<String, JsonNode> entry : plain.properties()) {
                byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
                data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    private static void namespace(ObjectNode object) {
        ObjectNode metadata = Json.metadata(object);
        if (metadata.hasNonNull("name")) {
            Json.child(metadata, "labels")
                    .put("kubernetes.io/metadata.name", metadata.path("name").asText());
        }
    }

    private static void roleBinding(ObjectNode object) {
        Json.putDefault(Json.child(object, "roleRef"), "apiGroup", "rbac.authorization.k8s.io");
        for (JsonNode subject : object.path("subjects")) {
            if (subject instanceof ObjectNode node) {
                boolean account = node.path("kind").asText().equals("ServiceAccount");
                if (!account) {
                    Json.putDefault(node, "apiGroup", "rbac.authorization.k8s.io");
                }
            }
        }
    }

    private static void endpointSlice(ObjectNode object) {
        for (JsonNode port : object.path("ports")) {
            if (port instanceof ObjectNode node) {
                Json.putDefault(node, "name", "");
                Json.putDefault(node, "protocol", "TCP");
            }
        }
    }

    private static void definition(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        Json.putDefault(Json.child(spec, "conversion"), "strategy", "None");
        ObjectNode names = Json.child(spec, "names");
        String kind = names.path("kind").asText();
        Json.putDefault(names, "singular", kind.toLowerCase(Locale.ROOT));
        Json.putDefault(names, "listKind", kind + "List");
    }
}
