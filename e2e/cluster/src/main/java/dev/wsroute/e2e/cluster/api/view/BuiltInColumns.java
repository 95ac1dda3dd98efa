// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The columns of built-in kinds in kubectl. */
final class BuiltInColumns {

    private static final Column NAME = text("Name", "metadata", "name");
    private static final Column AGE = Column.of("Age", Ages::sinceCreation);
    private static final Column CREATED = text("Created At", "metadata", "creationTimestamp");
    private static final String NONE = "<none>";

    private BuiltInColumns() {}

    static List<Column> of(ResourceType type) {
        return switch (type.collection()) {
            case "pods" -> PodColumns.ALL;
            case "deployments.apps" -> deployments();
            case "replicasets.apps" -> replicaSets();
            case "services" -> ServiceColumns.SERVICES;
            case "endpointslices.discovery.k8s.io" -> ServiceColumns.SLICES;
            case "configmaps" -> List.of(NAME, count("Data", "data"), AGE);
            case "secrets" -> List.of(NAME, text("Type", "type"), count("Data", "data"), AGE);
            case "serviceaccounts" -> List.of(NAME, count("Secrets", "secrets"), AGE);
            case "namespaces" -> List.of(NAME, text("Status", "status", "phase"), AGE);
            case "nodes" -> nodes();
            case "events" -> events();
            case "leases.coordination.k8s.io" -> List.of(NAME, text("Holder", "spec", "holderIdentity"), AGE);
            case "customresourcedefinitions.apiextensions.k8s.io" -> List.of(NAME, CREATED);
            case "roles.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io" -> List.of(NAME, CREATED);
            case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io" ->
                List.of(NAME, Column.of("Role", BuiltInColumns::role), AGE);
            default -> List.of(NAME, AGE);
        };
    }

    private static List<Column> deployments() {
        return List.of(
                NAME,
                readyReplicas(),
                number("Up-to-date", "status", "updatedReplicas"),
                number("Available", "status", "availableReplicas"),
                AGE,
                wideContainers("Containers", "name"),
                wideContainers("Images", "image"),
                Column.wide("Selector", object -> labels(Json.at(object, "spec", "selector", "matchLabels"))));
    }

    private static List<Column> replicaSets() {
        return List.of(
                NAME,
                number("Desired", "spec", "replicas"),
                number("Current", "status", "replicas"),
                number("Ready", "status", "readyReplicas"),
                AGE,
                wideContainers("Containers", "name"),
                wideContainers("Images", "image"));
    }

    private static List<Column> nodes() {
        return List.of(
                NAME,
                Column.of("Status", node -> condition(node, "Ready").equals("True") ? "Ready" : "NotReady"),
                Column.of("Roles", node -> NONE),
                AGE,
                text("Version", "status", "nodeInfo", "kubeletVersion"));
    }

    private static List<Column> events() {
        return List.of(
                Column.of("Last Seen", BuiltInColumns::lastSeen),
                text("Type", "type"),
                text("Reason", "reason"),
                Column.of("Object", BuiltInColumns::involved),
                Column.of("Message", event -> firstText(event, "message", "note")),
                Column.wide("Name", event -> Json.text(event, "metadata", "name")));
    }

    private static Column readyReplicas() {
        return Column.of(
                "Ready",
                object -> Json.at(object, "status", "readyReplicas").asInt() + "/"
                        + Json.at(object, "spec", "replicas").asInt());
    }

    private static Column wideContainers(String name, String field) {
        return Column.wide(name, object -> {
            JsonNode containers = Json.at(object, "spec", "template", "spec", "containers");
            return containers.findValuesAsText(field).stream()
                    .limit(containers.size())
                    .collect(Collectors.joining(","));
        });
    }

    private static String lastSeen(ObjectNode event) {
        for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp", "deprecatedLastTimestamp")) {
            if (event.hasNonNull(field)) {
                return Ages.since(event.path(field).asText());
            }
        }
        return Ages.sinceCreation(event);
    }

    private static String involved(ObjectNode event) {
        JsonNode object = event.has("involvedObject") ? event.path("involvedObject") : event.path("regarding");
        return Json.text(object, "kind").toLowerCase(Locale.ROOT) + "/" + Json.text(object, "name");
    }

    private static String role(ObjectNode binding) {
        return Json.text(binding, "roleRef", "kind") + "/" + Json.text(binding, "roleRef", "name");
    }

    static String condition(ObjectNode object, String type) {
        for (JsonNode condition : Json.at(object, "status", "conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private static String firstText(ObjectNode object, String... fields) {
        for (String field : fields) {
            if (object.hasNonNull(field)) {
                return object.path(field).asText();
            }
        }
        return "";
    }

    static String labels(JsonNode labels) {
        String shown = Json.fields(labels).stream()
                .map(e -> e.getKey() + "=" + e.getValue().asText())
                .collect(Collectors.joining(","));
        return shown.isEmpty() ? NONE : shown;
    }

    private static Column text(String name, String... path) {
        return Column.of(name, object -> Json.text(object, path));
    }

    private static Column number(String name, String... path) {
        return new Column(
                name, "integer", name, 0, object -> Json.at(object, path).asInt());
    }

    private static Column count(String name, String field) {
        return new Column(name, "integer", name, 0, object -> object.path(field).size());
    }
}
