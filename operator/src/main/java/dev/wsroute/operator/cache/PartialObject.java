// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * An object of which only the identity, the owner and the labels that the operator uses are cached, marked by an annotation.
 * If a tenant sets this annotation on an object, the operator only reads the object from the API.
 */
public final class PartialObject {

    /** Marks a partial object, in memory only; it is never written to the API. */
    public static final String ANNOTATION = "wsroute.dev/held-in-part";

    /** The longest name in Kubernetes. */
    private static final int MAX_TEXT = 253;

    private static final List<String> IDENTITY = List.of(
            "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp");

    private static final List<String> LABELS = List.of(
            "wsroute.dev/route", "wsroute.dev/route-namespace", "kubernetes.io/service-name", "pod-template-hash");

    private static final List<String> OWNER = List.of("apiVersion", "kind", "name", "uid", "controller");

    private PartialObject() {}

    /** Whether {@code object} is partial. */
    public static boolean isPartial(HasMetadata object) {
        return object.getMetadata() != null
                && object.getMetadata().getAnnotations() != null
                && object.getMetadata().getAnnotations().containsKey(ANNOTATION);
    }

    /** The partial object with {@code metadata}. */
    public static ObjectNode of(JsonNode apiVersion, JsonNode kind, JsonNode metadata) {
        ObjectNode partial = JsonNodeFactory.instance.objectNode();
        copy("apiVersion", apiVersion, partial);
        copy("kind", kind, partial);
        ObjectNode kept = identity(metadata);
        kept.putObject("annotations").put(ANNOTATION, "true");
        partial.set("metadata", kept);
        return partial;
    }

    /** The identity, the owner and the labels that the operator uses. */
    public static ObjectNode identity(JsonNode metadata) {
        ObjectNode kept = pick(metadata, IDENTITY);
        ObjectNode labels = pick(metadata.path("labels"), LABELS);
        if (!labels.isEmpty()) {
            kept.set("labels", labels);
        }
        for (JsonNode owner : metadata.path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                kept.putArray("ownerReferences").add(pick(owner, OWNER));
                break;
            }
        }
        return kept;
    }

    /** Copies those of {@code fields} that are scalar and no longer than a name. */
    public static ObjectNode pick(JsonNode from, List<String> fields) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        fields.forEach(field -> copy(field, from.path(field), kept));
        return kept;
    }

    private static void copy(String field, JsonNode value, ObjectNode to) {
        if (value.isValueNode()
                && !value.isNull()
                && (!value.isTextual() || value.textValue().length() <= MAX_TEXT)) {
            to.set(field, value);
        }
    }
}
