// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.Bound;
import dev.wsroute.config.Durations;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.config.Pairs;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.Range;
import dev.wsroute.config.RecordFields;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.Rule;
import dev.wsroute.config.Span;
import dev.wsroute.config.Text;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies bounds, defaults, required fields and rules between fields from the records of the proxy's document into the schema of
 * the custom resource, for the fields that both have. Fields correspond by name.
 */
final class DocumentBounds {

    /** Longer than any text that matches {@link Durations#PATTERN}. */
    private static final int DURATION_LENGTH = 32;

    /** Different in the custom resource: only a file may let the system choose a port. */
    private static final Set<String> OWN = Set.of("port");

    /** Required in a file only: a route has a default. */
    private static final Set<String> OPTIONAL = Set.of("listeners");

    /** Names in the custom resource of lists that refer to objects of the route's namespace. */
    private static final Map<String, String> REFERENCES = Map.of(
            "backends",
            "backendRefs",
            "certificates",
            "certificateRefs",
            "caCertificates",
            "caCertificateRefs",
            "clientCertificate",
            "clientCertificateRef",
            "keys",
            "keyRefs",
            "credentials",
            "secretRef",
            "denyList",
            "denyListRef");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DocumentBounds() {}

    static void apply(ObjectNode root) {
        object((ObjectNode) root.at("/properties/spec"), RouteConfig.class);
        object((ObjectNode) root.at("/properties/spec/properties/proxy"), ProxyConfig.class);
    }

    private static void object(ObjectNode schema, Class<?> type) {
        Record defaults = RecordDefaults.of(type);
        RecordFields.of(type).forEach((name, field) -> {
            JsonNode property = schema.path("properties").path(nameInResource(name));
            if (property instanceof ObjectNode object && !OWN.contains(name)) {
                setDefault(object, field, RecordDefaults.value(defaults, field));
                field(object, field);
                boolean required = RecordFields.isRequired(field) && !OPTIONAL.contains(name);
                if (required && !contains(schema.withArray("required"), nameInResource(name))) {
                    schema.withArray("required").add(nameInResource(name));
                }
            }
        });
        Stream.concat(
                        Arrays.stream(type.getAnnotationsByType(Rule.class)),
                        Arrays.stream(type.getDeclaredMethods())
                                .flatMap(method -> Arrays.stream(method.getAnnotationsByType(Rule.class))))
                .sorted(Comparator.comparing(Rule::message))
                .forEach(rule -> validation(schema, rule));
    }

    /** The name in the custom resource of a field of the document. */
    static String nameInResource(String name) {
        return REFERENCES.getOrDefault(name, name);
    }

    static void setDefault(ObjectNode schema, RecordComponent field, @Nullable Object value) {
        Span span = field.getAnnotation(Span.class);
        if (value == null || RecordFields.isRequired(field) || (span != null && span.dependentDefault())) {
            return;
        }
        if (value instanceof Record) {
            schema.set("default", JSON.objectNode());
        } else if (value instanceof Duration duration) {
            schema.put("default", spelled(duration));
        } else if (value instanceof Boolean bool) {
            schema.put("default", bool);
        } else if (value instanceof Integer number) {
            schema.put("default", number);
        } else if (!(value instanceof List)) {
            schema.put("default", value.toString());
        }
    }

    /** Up to two minutes in seconds, as users usually write durations. */
    private static String spelled(Duration duration) {
        boolean isShort = duration.toMillisPart() == 0 && duration.toSeconds() <= 120;
        return isShort ? duration.toSeconds() + "s" : Durations.format(duration);
    }

    private static void field(ObjectNode schema, RecordComponent field) {
        if (field.getGenericType() instanceof ParameterizedType list) {
            items(schema, (ObjectNode) schema.get("items"), field, (Class<?>) list.getActualTypeArguments()[0]);
        } else if (field.getType().isRecord()) {
            object(schema, refersToObjects(field.getType()) ? ObjectRef.class : field.getType());
        } else {
            bounds(schema, field);
            Bound.of(field).forEach(bound -> validation(schema, bound.cel(), bound.sentence()));
        }
    }

    private static void items(ObjectNode list, ObjectNode item, RecordComponent field, Class<?> type) {
        Pairs pairs = field.getAnnotation(Pairs.class);
        if (pairs != null) {
            pair((ObjectNode) item.at("/properties/name"), pairs.name());
            pair((ObjectNode) item.at("/properties/value"), pairs.value());
        } else if (type.isRecord()) {
            object(item, refersToObjects(type) ? ObjectRef.class : type);
        } else {
            bounds(item, field);
            // On the list and not on its items: Kubernetes keeps accepting an unchanged list that violates a new rule.
            Bound.of(field)
                    .forEach(bound -> validation(
                            list,
                            bound.cel() == null
                                    ? null
                                    : "self.all(x, " + bound.cel().replaceAll("\\bself\\b", "x") + ")",
                            "each " + bound.sentence()));
        }
    }

    /** Whether the document has the whole reference where the custom resource has a name. */
    private static boolean refersToObjects(Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).anyMatch(field -> field.getType() == ObjectRef.class);
    }

    private static void pair(ObjectNode schema, Text text) {
        text(schema, text);
        Bound.of(text).forEach(bound -> validation(schema, bound.cel(), bound.sentence()));
    }

    private static void bounds(ObjectNode schema, RecordComponent field) {
        Range range = field.getAnnotation(Range.class);
        if (range != null) {
            schema.put("minimum", range.min()).put("maximum", range.max());
        }
        if (field.isAnnotationPresent(Span.class)) {
            schema.put("pattern", Durations.PATTERN).put("maxLength", DURATION_LENGTH);
        }
        Text text = field.getAnnotation(Text.class);
        if (text != null) {
            text(schema, text);
        }
    }

    static void text(ObjectNode schema, Text text) {
        if (text.min() > 0) {
            schema.put("minLength", text.min());
        }
        schema.put("maxLength", text.max());
        if (text.form().pattern() != null) {
            schema.put("pattern", text.form().pattern());
        }
    }

    private static void validation(ObjectNode schema, @Nullable String cel, String message) {
        if (cel != null) {
            schema.withArray("x-kubernetes-validations")
                    .add(JSON.objectNode().put("rule", cel).put("message", message));
        }
    }

    private static void validation(ObjectNode schema, Rule rule) {
        ObjectNode validation = JSON.objectNode().put("rule", rule.cel()).put("message", rule.message());
        if (!rule.field().isEmpty()) {
            String message = rule.message().replace("\\", "\\\\").replace("'", "\\'");
            validation
                    .put("fieldPath", "." + rule.field())
                    .put("messageExpression", "'" + message + ", got ' + self." + rule.field());
        }
        schema.withArray("x-kubernetes-validations").add(validation);
    }

    private static boolean contains(ArrayNode array, String text) {
        for (JsonNode item : array) {
            if (item.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }
}
