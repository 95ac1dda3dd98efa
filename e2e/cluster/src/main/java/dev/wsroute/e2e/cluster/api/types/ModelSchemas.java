// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.Json;
import io.fabric8.kubernetes.api.model.AnyType;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.time.temporal.Temporal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Structural schemas of built-in types, derived from the client library's model classes. */
public final class ModelSchemas {

    private static final ModelSchemas SHARED = new ModelSchemas();
    private static final Set<Class<?>> OPAQUE =
            Set.of(Object.class, KubernetesResource.class, FieldsV1.class, JSONSchemaProps.class, AnyType.class);

    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<Class<?>, ObjectNode> objects = new HashMap<>();
    private final Map<Class<?>, Schema> schemas = new HashMap<>();

    private ModelSchemas() {}

    /** The models never change, so all servers in this process share the schemas. */
    static ModelSchemas shared() {
        return SHARED;
    }

    synchronized Schema schemaOf(Class<?> model) {
        return schemas.computeIfAbsent(model, m -> Schema.parse(raw(mapper.constructType(m))));
    }

    synchronized ObjectNode objectMeta() {
        return raw(mapper.constructType(ObjectMeta.class)).deepCopy();
    }

    private ObjectNode raw(JavaType type) {
        Class<?> c = type.getRawClass();
        ObjectNode raw = Json.object();
        if (OPAQUE.contains(c)) {
            return raw.put("x-kubernetes-preserve-unknown-fields", true);
        } else if (c == Quantity.class) {
            return raw.put("x-kubernetes-int-or-string", true).put("format", "quantity");
        } else if (c == IntOrString.class) {
            return raw.put("x-kubernetes-int-or-string", true);
        } else if (type.isMapLikeType()) {
            raw.put("type", "object").set("additionalProperties", raw(type.getContentType()));
            return raw;
        } else if (c == byte[].class) {
            return raw.put("type", "string");
        } else if (type.isContainerType()) {
            raw.put("type", "array").set("items", raw(type.getContentType()));
            return raw;
        } else if (CharSequence.class.isAssignableFrom(c)
                || Temporal.class.isAssignableFrom(c)
                || c == MicroTime.class
                || c.isEnum()) {
            return raw.put("type", "string");
        } else if (c == Boolean.class || c == boolean.class) {
            return raw.put("type", "boolean");
        } else if (c == Integer.class || c == Long.class || c == int.class || c == long.class) {
            return raw.put("type", "integer");
        } else if (Number.class.isAssignableFrom(c) || c == double.class) {
            return raw.put("type", "number");
        }
        return object(type);
    }

    private ObjectNode object(JavaType type) {
        Class<?> c = type.getRawClass();
        ObjectNode known = objects.get(c);
        if (known != null) {
            return known;
        }
        ObjectNode raw = Json.object().put("type", "object");
        objects.put(c, raw);
        if (ListMapKeys.isAtomic(c.getSimpleName())) {
            raw.put("x-kubernetes-map-type", "atomic");
        }
        ObjectNode properties = raw.putObject("properties");
        for (BeanPropertyDefinition property :
                mapper.getDeserializationConfig().introspect(type).findProperties()) {
            if (property.couldDeserialize() && !property.getName().equals("additionalProperties")) {
                properties.set(property.getName(), property(c.getSimpleName(), property));
            }
        }
        return raw;
    }

    private ObjectNode property(String owner, BeanPropertyDefinition property) {
        String name = property.getName();
        ObjectNode raw = raw(property.getPrimaryType()).deepCopy();
        List<String> keys = ListMapKeys.keys(owner, name);
        if (keys != null) {
            raw.put("x-kubernetes-list-type", "map").set("x-kubernetes-list-map-keys", Json.fromValue(keys));
        } else if (ListMapKeys.isSet(owner, name)) {
            raw.put("x-kubernetes-list-type", "set");
        } else if (ListMapKeys.isAtomicMap(owner, name)) {
            raw.put("x-kubernetes-map-type", "atomic");
        }
        @Nullable String byDefault = ListMapKeys.defaultOf(owner, name);
        if (byDefault != null) {
            raw.put("default", byDefault);
        }
        if (property.getField() != null) {
            JsonPropertyDescription description = property.getField().getAnnotation(JsonPropertyDescription.class);
            if (description != null) {
                raw.put("description", description.value());
            }
        }
        return raw;
    }
}
