// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Rules;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import dev.wsroute.e2e.cluster.api.store.Json;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The most common validations of built-in kinds. */
public final class BuiltInRules {

    private final List<Cause> causes = new ArrayList<>();

    private BuiltInRules() {}

    /**
     * Checks an object of a built-in kind.
     *
     * @param old the previous object; null if it is new
     * @param ofSchemas compiles the rules of definitions
     */
    public static List<Cause> check(ResourceType type, ObjectNode object, @Nullable ObjectNode old, Rules ofSchemas) {
        BuiltInRules rules = new BuiltInRules();
        JsonNode spec = object.path("spec");
        switch (type.kind()) {
            case "Deployment", "ReplicaSet" -> rules.checkWorkload(spec, old);
            case "Pod" -> rules.checkContainers(spec, "spec");
            case "Service" -> rules.checkService(spec, old);
            case "EndpointSlice" -> rules.checkEndpoints(object);
            case "RoleBinding", "ClusterRoleBinding" -> rules.unchanged(object, old, "roleRef");
            case "CustomResourceDefinition" -> rules.checkDefinition(object, ofSchemas);
            default -> {}
        }
        return rules.causes;
    }

    private void checkWorkload(JsonNode spec, @Nullable ObjectNode old) {
        JsonNode selector = Json.at(spec, "selector", "matchLabels");
        if (Json.at(spec, "selector").isEmpty()) {
            add("FieldValueRequired", "Required value", "spec.selector");
        }
        JsonNode labels = Json.at(spec, "template", "metadata", "labels");
        for (Map.Entry<String, JsonNode> label : selector.properties()) {
            if (!label.getValue().equals(labels.path(label.getKey()))) {
                add(
                        "FieldValueInvalid",
                        "Invalid value: " + labels + ": `selector` does not match template `labels`",
                        "spec.template.metadata.labels");
                break;
            }
        }
        if (old != null && !Json.same(spec.path("selector"), Json.at(old, "spec", "selector"))) {
            add(
                    "FieldValueInvalid",
                    "Invalid value: " + spec.path("selector") + ": field is immutable",
                    "spec.selector");
        }
        if (Json.text(spec, "strategy", "type").equals("Recreate")) {
            add(
                    "FieldValueNotSupported",
                    "Unsupported value: \"Recreate\": the embedded cluster supports only RollingUpdate",
                    "spec.strategy.type");
        }
        checkContainers(Json.at(spec, "template", "spec"), "spec.template.spec");
    }

    private void checkContainers(JsonNode pod, String path) {
        JsonNode containers = pod.path("containers");
        if (containers.isEmpty()) {
            add("FieldValueRequired", "Required value", path + ".containers");
        }
        for (int i = 0; i < containers.size(); i++) {
            for (String field : List.of("name", "image")) {
                if (containers.get(i).path(field).asText("").isEmpty()) {
                    add("FieldValueRequired", "Required value", path + ".containers[" + i + "]." + field);
                }
            }
        }
    }

    private void checkService(JsonNode spec, @Nullable ObjectNode old) {
        JsonNode ports = spec.path("ports");
        boolean headless = spec.path("clusterIP").asText().equals("None");
        if (ports.isEmpty() && !headless && !spec.path("type").asText().equals("ExternalName")) {
            add("FieldValueRequired", "Required value", "spec.ports");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            if (ports.size() > 1 && ports.get(i).path("name").asText("").isEmpty()) {
                add("FieldValueRequired", "Required value", "spec.ports[" + i + "].name");
            }
            String name = ports.get(i).path("name").asText("");
            if (!name.isEmpty() && !names.add(name)) {
                add("FieldValueDuplicate", "Duplicate value: \"" + name + "\"", "spec.ports[" + i + "].name");
            }
        }
        String before = old == null ? "" : Json.text(old, "spec", "clusterIP");
        if (!before.isEmpty() && !before.equals(spec.path("clusterIP").asText())) {
            add(
                    "FieldValueInvalid",
                    "Invalid value: \"" + spec.path("clusterIP").asText() + "\": field is immutable",
                    "spec.clusterIPs[0]");
        }
    }

    /** As {@code ValidateEndpointIP} of Kubernetes, but loopback addresses are allowed: pods have them here. */
    private void checkEndpoints(ObjectNode slice) {
        JsonNode endpoints = slice.path("endpoints");
        for (int i = 0; i < endpoints.size(); i++) {
            JsonNode addresses = endpoints.get(i).path("addresses");
            for (int j = 0; j < addresses.size(); j++) {
                InetAddress address = NetUtil.createInetAddressFromIpAddressString(
                        addresses.get(j).asText());
                String field = "endpoints[" + i + "].addresses[" + j + "]";
                String text = "Invalid value: " + addresses.get(j) + ": may not be ";
                if (address != null && address.isAnyLocalAddress()) {
                    add(
                            "FieldValueInvalid",
                            text + "unspecified (" + addresses.get(j).asText() + ")",
                            field);
                } else if (address != null && address.isLinkLocalAddress()) {
                    add("FieldValueInvalid", text + "in the link-local range (169.254.0.0/16, fe80::/10)", field);
                }
            }
        }
    }

    private void unchanged(ObjectNode object, @Nullable ObjectNode old, String field) {
        if (old != null && !Json.same(object.path(field), old.path(field))) {
            add("FieldValueInvalid", "Invalid value: " + object.path(field) + ": cannot change " + field, field);
        }
    }

    private void checkDefinition(ObjectNode object, Rules rules) {
        JsonNode spec = object.path("spec");
        String expected = Json.text(spec, "names", "plural") + "." + Json.text(spec, "group");
        String name = Json.text(object, "metadata", "name");
        if (!name.equals(expected)) {
            add(
                    "FieldValueInvalid",
                    "Invalid value: \"" + name + "\": must be spec.names.plural+\".\"+spec.group",
                    "metadata.name");
        }
        JsonNode versions = spec.path("versions");
        int stored = 0;
        for (int i = 0; i < versions.size(); i++) {
            stored += versions.get(i).path("storage").asBoolean() ? 1 : 0;
            JsonNode schema = Json.at(versions.get(i), "schema", "openAPIV3Schema");
            String path = "spec.versions[" + i + "].schema.openAPIV3Schema";
            if (!schema.isObject()) {
                add("FieldValueRequired", "Required value: schemas are required", path);
            }
            causes.addAll(rules.compile(Schema.parse(schema), path));
        }
        if (stored != 1) {
            add(
                    "FieldValueInvalid",
                    "Invalid value: must have exactly one version marked as storage version",
                    "spec.versions");
        }
    }

    private void add(String reason, String message, String field) {
        causes.add(new Cause(reason, message, field));
    }
}
