// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.List;

/** The columns of Services and related kinds. */
final class ServiceColumns {

    private static final Column NAME = Column.of("Name", object -> Json.text(object, "metadata", "name"));
    private static final Column AGE = Column.of("Age", Ages::sinceCreation);

    static final List<Column> SERVICES = List.of(
            NAME,
            Column.of("Type", service -> Json.text(service, "spec", "type")),
            Column.of("Cluster-IP", service -> orNone(Json.text(service, "spec", "clusterIP"))),
            Column.of("External-IP", ServiceColumns::externalAddress),
            Column.of("Port(s)", ServiceColumns::servicePorts),
            AGE,
            Column.wide("Selector", service -> BuiltInColumns.labels(Json.at(service, "spec", "selector"))));

    static final List<Column> SLICES = List.of(
            NAME,
            Column.of("AddressType", slice -> Json.text(slice, "addressType")),
            Column.of("Ports", slice -> joined(slice.path("ports"), "port")),
            Column.of("Endpoints", slice -> orNone(addresses(slice.path("endpoints")))),
            AGE);

    private ServiceColumns() {}

    private static String externalAddress(ObjectNode service) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode ingress : Json.at(service, "status", "loadBalancer", "ingress")) {
            addresses.add(ingress.path("ip").asText(ingress.path("hostname").asText()));
        }
        if (addresses.isEmpty()) {
            return Json.text(service, "spec", "type").equals("LoadBalancer") ? "<pending>" : "<none>";
        }
        return String.join(",", addresses);
    }

    private static String servicePorts(ObjectNode service) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : Json.at(service, "spec", "ports")) {
            String node = port.has("nodePort") ? ":" + port.path("nodePort").asText() : "";
            ports.add(port.path("port").asText() + node + "/"
                    + port.path("protocol").asText());
        }
        return orNone(String.join(",", ports));
    }

    private static String addresses(JsonNode endpoints) {
        List<String> addresses = new ArrayList<>();
        endpoints.forEach(endpoint -> addresses.addAll(Json.texts(endpoint.path("addresses"))));
        int shown = Math.min(3, addresses.size());
        String more = addresses.size() > shown ? " + " + (addresses.size() - shown) + " more..." : "";
        return String.join(",", addresses.subList(0, shown)) + more;
    }

    private static String joined(JsonNode list, String field) {
        List<String> values = new ArrayList<>();
        list.forEach(item -> values.add(item.path(field).asText()));
        return orNone(String.join(",", values));
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }
}
