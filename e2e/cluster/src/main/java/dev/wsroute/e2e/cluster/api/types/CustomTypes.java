// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType.Names;
import dev.wsroute.e2e.cluster.api.types.ResourceType.ScalePaths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The resources that a CustomResourceDefinition defines. */
public final class CustomTypes {

    private CustomTypes() {}

    /** Returns a type for each served version. */
    public static List<ResourceType> of(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        List<ResourceType> types = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                types.add(type(spec, version));
            }
        }
        return types;
    }

    private static ResourceType type(JsonNode spec, JsonNode version) {
        JsonNode names = spec.path("names");
        String kind = names.path("kind").asText();
        JsonNode subresources = version.path("subresources");
        List<ObjectNode> columns = new ArrayList<>();
        version.path("additionalPrinterColumns").forEach(column -> columns.add(column.deepCopy()));
        Set<String> selectable = new HashSet<>();
        version.path("selectableFields")
                .forEach(field -> selectable.add(
                        String.join(".", path(field.path("jsonPath").asText()))));
        Schema schema = Schema.parse(complete(Json.at(version, "schema", "openAPIV3Schema")));
        return new ResourceType(
                spec.path("group").asText(),
                version.path("name").asText(),
                new Names(
                        kind,
                        names.path("plural").asText(),
                        names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
                        Json.texts(names.path("shortNames")),
                        Json.texts(names.path("categories"))),
                spec.path("scope").asText().equals("Namespaced"),
                subresources.has("status"),
                scale(subresources.path("scale")),
                true,
                () -> schema,
                Set.copyOf(selectable),
                List.copyOf(columns),
                true);
    }

    /** Adds the fields of every object that definitions need not declare. */
    private static ObjectNode complete(JsonNode declared) {
        ObjectNode root = declared.isObject() ? declared.deepCopy() : Json.object();
        ObjectNode properties = Json.child(root, "properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.set("metadata", ModelSchemas.shared().objectMeta());
        return root;
    }

    private static @Nullable ScalePaths scale(JsonNode scale) {
        return scale.isMissingNode()
                ? null
                : new ScalePaths(
                        path(scale.path("specReplicasPath").asText()),
                        path(scale.path("statusReplicasPath").asText()),
                        path(scale.path("labelSelectorPath").asText("")));
    }

    private static List<String> path(String jsonPath) {
        return jsonPath.isEmpty() ? List.of() : List.of(jsonPath.substring(1).split("\\.", -1));
    }
}
