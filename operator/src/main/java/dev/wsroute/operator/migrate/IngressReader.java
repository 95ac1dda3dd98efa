// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the Ingresses in a text of YAML or JSON documents, those in Lists included. */
final class IngressReader {

    private static final Pattern DOCUMENTS = Pattern.compile("(?m)^---(?=\\s|$)");
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final String SUPPORTED = "networking.k8s.io/v1";

    private IngressReader() {}

    /** @throws IllegalArgumentException if the text cannot be parsed, or has Ingresses of another version */
    static List<Ingress> read(String text) {
        List<Ingress> found = new ArrayList<>();
        for (String document : DOCUMENTS.split(text, -1)) {
            if (!document.isBlank()) {
                collect(parse(document), found);
            }
        }
        return found;
    }

    private static JsonNode parse(String document) {
        try {
            return Serialization.unmarshal(document, JsonNode.class);
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    "is not YAML: "
                            + String.valueOf(cause.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    e);
        }
    }

    private static void collect(JsonNode object, List<Ingress> found) {
        if (object == null) {
            return;
        }
        if (object.path("items").isArray()) {
            object.path("items").forEach(item -> collect(item, found));
            return;
        }
        if (!object.path("kind").asText().equals("Ingress")) {
            return;
        }
        String version = object.path("apiVersion").asText();
        String name = object.path("metadata").path("name").asText();
        if (!version.equals(SUPPORTED)) {
            throw new IllegalArgumentException("Ingress " + name + " has apiVersion " + version + ", only " + SUPPORTED
                    + " can be converted; kubectl get ingress prints it");
        }
        if (name.isEmpty() || !object.path("spec").isObject()) {
            throw new IllegalArgumentException("an Ingress has no metadata.name or no spec");
        }
        try {
            found.add(SERIALIZATION.convertValue(object, Ingress.class));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Ingress " + name + " cannot be read: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }
}
