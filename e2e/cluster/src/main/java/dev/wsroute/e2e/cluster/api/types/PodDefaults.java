// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.List;

/** The defaults of a pod's spec. */
final class PodDefaults {

    private static final int DEFAULT_MODE = 420;
    private static final int GRACE_SECONDS = 30;

    private PodDefaults() {}

    static void apply(ObjectNode spec) {
        Json.putDefault(spec, "restartPolicy", "Always");
        Json.putDefault(spec, "dnsPolicy", "ClusterFirst");
        Json.putDefault(spec, "terminationGracePeriodSeconds", GRACE_SECONDS);
        Json.putDefault(spec, "schedulerName", "default-scheduler");
        Json.child(spec, "securityContext");
        if (spec.hasNonNull("serviceAccountName")) {
            Json.putDefault(
                    spec, "serviceAccount", spec.path("serviceAccountName").asText());
        }
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                if (container instanceof ObjectNode node) {
                    container(node);
                }
            }
        }
        for (JsonNode volume : spec.path("volumes")) {
            for (String source : List.of("configMap", "secret", "projected", "downwardAPI")) {
                if (volume.get(source) instanceof ObjectNode node) {
                    Json.putDefault(node, "defaultMode", DEFAULT_MODE);
                }
            }
        }
    }

    private static void container(ObjectNode container) {
        Json.putDefault(container, "terminationMessagePath", "/dev/termination-log");
        Json.putDefault(container, "terminationMessagePolicy", "File");
        String image = container.path("image").asText("");
        boolean latest = image.endsWith(":latest")
                || !image.substring(image.lastIndexOf('/') + 1).contains(":");
        Json.putDefault(container, "imagePullPolicy", latest && !image.contains("@") ? "Always" : "IfNotPresent");
        Json.child(container, "resources");
        for (JsonNode port : container.path("ports")) {
            if (port instanceof ObjectNode node) {
                Json.putDefault(node, "protocol", "TCP");
            }
        }
        for (JsonNode env : container.path("env")) {
            if (Json.at(env, "valueFrom", "fieldRef") instanceof ObjectNode node) {
                Json.putDefault(node, "apiVersion", "v1");
            }
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode node) {
                probe(node);
            }
        }
        for (String hook : List.of("preStop", "postStart")) {
            if (Json.at(container, "lifecycle", hook, "httpGet") instanceof ObjectNode node) {
                httpGet(node);
            }
        }
    }

    private static void probe(ObjectNode probe) {
        Json.putDefault(probe, "timeoutSeconds", 1);
        Json.putDefault(probe, "periodSeconds", 10);
        Json.putDefault(probe, "successThreshold", 1);
        Json.putDefault(probe, "failureThreshold", 3);
        if (probe.get("httpGet") instanceof ObjectNode node) {
            httpGet(node);
        }
    }

    private static void httpGet(ObjectNode action) {
        Json.putDefault(action, "path", "/");
        Json.putDefault(action, "scheme", "HTTP");
    }
}
