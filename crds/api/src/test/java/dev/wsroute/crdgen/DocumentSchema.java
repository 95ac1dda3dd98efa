// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.Durations;
import dev.wsroute.config.FormerNames;
import dev.wsroute.config.NameValue;
import dev.wsroute.config.Pairs;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.Range;
import dev.wsroute.config.RecordFields;
import dev.wsroute.config.Rule;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.SchemaVersion;
import dev.wsroute.config.Text;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema of the proxy's document, for editors. Fields, types, bounds and defaults come from its records; descriptions of
 * fields that the custom resource also has come from the CRD. Rules between fields are part of the descriptions.
 */
final class DocumentSchema {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectNode definitions = JSON.objectNode();

    private DocumentSchema() {}

    /** @param resource the schema of the custom resource */
    static ObjectNode of(JsonNode resource) {
        DocumentSchema schema = new DocumentSchema();
        ObjectNode document = JSON.objectNode();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.put("$id", "https://wsroute.dev/schemas/proxy-config-" + SchemaVersion.CURRENT + ".json");
        document.put("title", "ProxyConfig");
        document.put(
                "description", "The configuration of a wsroute proxy: its listeners, its shutdown and its routes.");
        document.put("$ref", "#/$defs/ProxyConfig");
        JsonNode spec = resource.at("/properties/spec");
        ObjectNode known = JSON.objectNode();
        ObjectNode properties = known.putObject("properties");
        spec.at("/properties/proxy/properties")
                .properties()
                .forEach(field -> properties.set(field.getKey(), field.getValue()));
        properties.putObject("routes").set("items", spec);
        schema.define(ProxyConfig.class, known);
        document.set("$defs", schema.definitions);
        return document;
    }

    private void define(Class<?> type, JsonNode known) {
        if (definitions.has(type.getSimpleName())) {
            return;
        }
        ObjectNode definition = definitions.putObject(type.getSimpleName());
        String rules = Arrays.stream(type.getDeclaredMethods())
                .flatMap(method -> Arrays.stream(method.getAnnotationsByType(Rule.class)))
                .map(rule -> (rule.field().isEmpty() ? "It " : "Its " + rule.field() + " ") + rule.message() + ".")
                .sorted()
                .collect(Collectors.joining(" "));
        if (!rules.isEmpty()) {
            definition.put("description", rules);
        }
        definition.put("type", "object").put("additionalProperties", false);
        Record defaults = RecordDefaults.of(type);
        ObjectNode properties = JSON.objectNode();
        RecordFields.of(type).forEach((name, field) -> {
            JsonNode described = known.path("properties").path(DocumentBounds.nameInResource(name));
            ObjectNode property = property(field, described);
            DocumentBounds.setDefault(property, field, RecordDefaults.value(defaults, field));
            properties.set(name, property);
            if (RecordFields.isRequired(field)) {
                definition.withArray("required").add(name);
            }
        });
        FormerNames.all().forEach((former, current) -> {
            int dot = former.lastIndexOf('.');
            Class<?> owner = dot < 0
                    ? RuleConfig.class
                    : RecordFields.of(RuleConfig.class)
                            .get(former.substring(0, dot))
                            .getType();
            if (owner == type) {
                properties
                        .putObject(former.substring(dot + 1))
                        .put("description", "The old name of " + current + ".")
                        .put("deprecated", true);
            }
        });
        definition.set("properties", properties);
    }

    private ObjectNode property(RecordComponent field, JsonNode known) {
        ObjectNode property = JSON.objectNode();
        String description = description(field, known);
        if (description != null) {
            property.put("description", description);
        }
        Type type = field.getGenericType();
        if (type instanceof ParameterizedType list) {
            Class<?> item = (Class<?>) list.getActualTypeArguments()[0];
            Pairs pairs = field.getAnnotation(Pairs.class);
            property.put("type", "array")
                    .set(
                            "items",
                            item == NameValue.class && pairs != null
                                    ? pair(pairs)
                                    : value(item, field, known.path("items")));
        } else {
            property.setAll(value((Class<?>) type, field, known));
        }
        return property;
    }

    private static @Nullable String description(RecordComponent field, JsonNode known) {
        JsonPropertyDescription own = field.getAccessor().getAnnotation(JsonPropertyDescription.class);
        return own != null ? own.value() : known.path("description").textValue();
    }

    private ObjectNode value(Class<?> type, RecordComponent field, JsonNode known) {
        ObjectNode value = JSON.objectNode();
        if (type.isRecord()) {
            define(type, known);
            return value.put("$ref", "#/$defs/" + type.getSimpleName());
        }
        if (type.isEnum()) {
            Arrays.stream(type.getEnumConstants())
                    .forEach(constant -> value.withArray("enum").add(constant.toString()));
            return value;
        }
        if (type == Duration.class) {
            return value.put("type", "string").put("pattern", Durations.PATTERN);
        }
        if (type == String.class) {
            value.put("type", "string");
            Text text = field.getAnnotation(Text.class);
            if (text != null) {
                DocumentBounds.text(value, text);
            }
            return value;
        }
        if (type == Boolean.class) {
            return value.put("type", "boolean");
        }
        value.put("type", "integer");
        Range range = field.getAnnotation(Range.class);
        if (range != null) {
            value.put("minimum", range.min()).put("maximum", range.max());
        }
        return value;
    }

    private static ObjectNode pair(Pairs pairs) {
        ObjectNode pair = JSON.objectNode();
        pair.put("type", "object").put("additionalProperties", false);
        pair.withArray("required").add("name").add("value");
        ObjectNode properties = pair.putObject("properties");
        DocumentBounds.text(properties.putObject("name").put("type", "string"), pairs.name());
        DocumentBounds.text(properties.putObject("value").put("type", "string"), pairs.value());
        return pair;
    }
}
