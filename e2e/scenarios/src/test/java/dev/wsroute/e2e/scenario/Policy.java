// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.api.v1alpha1.WebSocketPolicy;
import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** A WebSocketPolicy under test. */
final class Policy {

    private final Space space;
    private final String name;

    Policy(Space space, String name) {
        this.space = space;
        this.name = name;
    }

    /** Applies it as a user's tool does; {@code access} is YAML, and a target is {@code route} or {@code route/rule}. */
    Policy apply(String access, String... targets) {
        StringBuilder refs = new StringBuilder();
        for (String target : targets) {
            String[] parts = target.split("/", 2);
            refs.append("  - {group: wsroute.dev, kind: WebSocketRoute, name: ")
                    .append(parts[0])
                    .append(parts.length == 2 ? ", sectionName: " + parts[1] : "")
                    .append("}\n");
        }
        new Manifests(space.client())
                .apply(Serialization.unmarshal(
                        """
                        apiVersion: wsroute.dev/v1alpha1
                        kind: WebSocketPolicy
                        metadata: {name: %s, namespace: %s}
                        spec:
                          access: %s
                          targetRefs:
                        %s""".formatted(name, space.namespace(), access, refs), GenericKubernetesResource.class));
        return this;
    }

    void delete() {
        resource().delete();
    }

    /** The reasons of the condition Accepted, by target. */
    List<String> reasons() {
        return conditions().stream().map(Condition::getReason).toList();
    }

    /** Their messages. */
    List<String> messages() {
        return conditions().stream().map(Condition::getMessage).toList();
    }

    private List<Condition> conditions() {
        WebSocketPolicy policy = resource().require();
        return policy.getStatus() == null
                ? List.of()
                : policy.getStatus().ancestors().stream()
                        .map(ancestor -> ancestor.conditions().get(0))
                        .filter(condition ->
                                policy.getMetadata().getGeneration().equals(condition.getObservedGeneration()))
                        .toList();
    }

    Resource<WebSocketPolicy> resource() {
        return space.client()
                .resources(WebSocketPolicy.class)
                .inNamespace(space.namespace())
                .withName(name);
    }
}
