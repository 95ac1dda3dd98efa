// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Set;

/** Policies and routes of namespace apps, as users write them. */
final class Policies {

    final CurrentPolicies current = new CurrentPolicies();

    /** @param targets each {@code route} or {@code route/rule} */
    Set<ResourceID> put(String name, int createdInSecond, String access, String... targets) {
        return current.put(id(name), AccessPolicy.of(object(name, createdInSecond, access, targets)));
    }

    static ResourceID id(String name) {
        return new ResourceID(name, "apps");
    }

    static GenericKubernetesResource object(String name, int createdInSecond, String access, String... targets) {
        StringBuilder refs = new StringBuilder();
        for (String target : targets) {
            String[] parts = target.split("/", 2);
            refs.append("  - {group: wsroute.dev, kind: WebSocketRoute, name: ")
                    .append(parts[0])
                    .append(parts.length == 2 ? ", sectionName: " + parts[1] : "")
                    .append("}\n");
        }
        return Serialization.unmarshal(
                """
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketPolicy
                metadata:
                  namespace: apps
                  name: %s
                  uid: uid-%1$s
                  generation: 3
                  creationTimestamp: 2026-11-30T10:00:%02dZ
                spec:
                  access: %s
                  targetRefs:
                %s""".formatted(name, createdInSecond, access, refs), GenericKubernetesResource.class);
    }

    /** @param rules each {@code name} or {@code name: access} */
    static WebSocketRoute route(String name, String... rules) {
        StringBuilder spec = new StringBuilder();
        for (String rule : rules) {
            String[] parts = rule.split(": ", 2);
            spec.append("  - name: ")
                    .append(parts[0])
                    .append("\n    backendRefs: [{service: {name: chat, port: ws}}]\n");
            if (parts.length == 2) {
                spec.append("    access: ").append(parts[1]).append("\n");
            }
        }
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {namespace: apps, name: %s}
                spec:
                  rules:
                %s""".formatted(name, spec), WebSocketRoute.class);
    }
}
