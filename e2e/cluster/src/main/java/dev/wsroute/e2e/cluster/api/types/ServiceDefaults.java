// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The defaults of Services, including unique cluster addresses and node ports. */
public final class ServiceDefaults {

    private static final int FIRST_NODE_PORT = 30_000;
    private static final int NODE_PORTS = 2_768;

    private final AtomicInteger addresses = new AtomicInteger(1);
    private final AtomicInteger nodePorts = new AtomicInteger();

    /**
     * Fills in defaults in place.
     *
     * @param old the previous Service, whose allocated values are kept; null if it is new
     */
    void apply(ObjectNode service, @Nullable ObjectNode old) {
        ObjectNode spec = Json.child(service, "spec");
        if (old != null) {
            keepAllocated(spec, old.path("spec"));
        }
        Json.putDefault(spec, "type", "ClusterIP");
        Json.putDefault(spec, "sessionAffinity", "None");
        String type = spec.path("type").asText();
        if (type.equals("ExternalName")) {
            return;
        }
        Json.putDefault(spec, "internalTrafficPolicy", "Cluster");
        Json.putDefault(spec, "ipFamilies", List.of("IPv4"));
        Json.putDefault(spec, "ipFamilyPolicy", "SingleStack");
        if (spec.path("clusterIP").asText("").isEmpty()) {
            spec.put("clusterIP", nextAddress());
        }
        Json.putDefault(spec, "clusterIPs", List.of(spec.path("clusterIP").asText()));
        boolean external = type.equals("NodePort") || type.equals("LoadBalancer");
        if (external) {
            Json.putDefault(spec, "externalTrafficPolicy", "Cluster");
        } else {
            spec.remove("externalTrafficPolicy");
        }
        if (type.equals("LoadBalancer")) {
            Json.putDefault(spec, "allocateLoadBalancerNodePorts", true);
        }
        for (JsonNode item : spec.path("ports")) {
            if (item instanceof ObjectNode port) {
                Json.putDefault(port, "protocol", "TCP");
                Json.putDefault(port, "targetPort", port.path("port").asInt());
                if (external) {
                    Json.putDefault(port, "nodePort", FIRST_NODE_PORT + nodePorts.getAndIncrement() % NODE_PORTS);
                }
            }
        }
    }

    private static void keepAllocated(ObjectNode spec, JsonNode old) {
        boolean external = spec.path("type").asText().equals("ExternalName");
        if (spec.path("clusterIP").asText("").isEmpty() && !external) {
            Json.put(spec, "clusterIP", old.path("clusterIP"));
            Json.put(spec, "clusterIPs", old.path("clusterIPs"));
        }
        for (JsonNode item : spec.path("ports")) {
            for (JsonNode before : old.path("ports")) {
                if (item instanceof ObjectNode port
                        && port.path("port").equals(before.path("port"))
                        && before.has("nodePort")
                        && !spec.path("type").asText("ClusterIP").equals("ClusterIP")) {
                    Json.putDefault(port, "nodePort", before.path("nodePort").asInt());
                }
            }
        }
    }

    private String nextAddress() {
        int next = addresses.incrementAndGet();
        return "10.96." + (next / 250 % 256) + "." + (next % 250 + 1);
    }
}
