// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Service, or the pods that labels select, in the route's namespace. */
@ValidationRule(
        value = "has(self.service) != has(self.podSelector)",
        message = "a backendRef needs either service or podSelector, and not both")
@ValidationRule(
        value = "has(self.podSelector) == has(self.port)",
        message = "port belongs to podSelector: set both, or give the port inside service")
@ValidationRule(value = FieldRules.CONTAINER_PORT_RULE, message = FieldRules.CONTAINER_PORT_MESSAGE)
@ValidationRule(value = FieldRules.BACKEND_PORT_RULE, message = FieldRules.BACKEND_PORT_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackendRef(
        @JsonPropertyDescription("A Service in the route's namespace. Its pods are found through its EndpointSlices.")
        @Nullable ServiceRef service,

        @JsonPropertyDescription("Pods in the route's namespace, found without a Service of yours; needs port.")
        @Nullable PodSelector podSelector,

        @JsonPropertyDescription(
                "The pods' port: a number, or the name of a container port. Only with podSelector. 9901 and 9902 are"
                        + " the proxies' own: no backend can be there.")
        @Nullable IntOrString port,

        @JsonPropertyDescription(
                "Share of the new connections, in proportion to the rule's other backends. 0: takes no new"
                        + " connections and keeps those it has.")
        @Nullable Integer weight) {

    /** A Service and one of its ports. */
    public record ServiceRef(
            @JsonPropertyDescription("Name of the Service.")
            @Required
            @Pattern(FieldRules.NAME) @Size(min = 1, max = 63) @ValidationRule(value = FieldRules.NAME_RULE, message = FieldRules.NAME_MESSAGE)
            String name,

            @JsonPropertyDescription("One of its ports: the number, or the name.") @Required
            IntOrString port) {}

    /** Labels that a pod must bear. */
    public record PodSelector(
            @JsonPropertyDescription("Labels that a pod must bear, all of them.") @Required @Size(min = 1, max = 32) Map<String, @Pattern(FieldRules.LABEL_VALUE) @Size(max = 63) String> matchLabels) {}
}
