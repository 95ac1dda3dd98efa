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

/** A Service, or pods selected by labels in the route's namespace. */
@ValidationRule(
        value = "has(self.service) != has(self.podSelector)",
        message = "a backendRef must have either service or podSelector, not both")
@ValidationRule(
        value = "has(self.podSelector) == has(self.port)",
        message = "port is required with podSelector, and only allowed with it: a Service has its port inside service")
@ValidationRule(value = FieldRules.CONTAINER_PORT_RULE, message = FieldRules.CONTAINER_PORT_MESSAGE)
@ValidationRule(value = FieldRules.BACKEND_PORT_RULE, message = FieldRules.BACKEND_PORT_MESSAGE)
@ValidationRule(value = FieldRules.BACKEND_NAMESPACE_RULE, message = FieldRules.BACKEND_NAMESPACE_MESSAGE)
@ValidationRule(value = FieldRules.BACKEND_HOSTNAME_RULE, message = FieldRules.BACKEND_HOSTNAME_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackendRef(
        @JsonPropertyDescription(
                "A Service in the route's namespace, or in namespace. The proxy connects to the endpoints in its "
                        + "EndpointSlices.")
        @Nullable ServiceRef service,

        @JsonPropertyDescription(
                "Namespace of the Service. Absent: the route's. Another namespace has to permit it with a ReferenceGrant of "
                        + "Gateway API, from kind WebSocketRoute in group wsroute.dev to kind Service. Only with service.")
        @Nullable @Pattern(FieldRules.NAME) @Size(min = 1, max = 63) @ValidationRule(value = FieldRules.NAME_RULE, message = FieldRules.NAMESPACE_MESSAGE)
        String namespace,

        @JsonPropertyDescription(
                "Pods in the route's namespace, selected by labels instead of a Service. Requires port.")
        @Nullable PodSelector podSelector,

        @JsonPropertyDescription(
                "The pods' port: a number, or the name of a container port. Only with podSelector. 9901 and "
                        + "9902 are reserved for metrics and probes of the proxies.")
        @Nullable IntOrString port,

        @JsonPropertyDescription(
                "Share of new connections, relative to the rule's other backends. 0: no new connections; "
                        + "existing ones stay open.")
        @Nullable Integer weight,

        @JsonPropertyDescription(
                "TLS from the proxy to the backend, whose certificate is always verified. Absent: TLS only if the appProtocol "
                        + "of the Service's port is kubernetes.io/wss or https, with the defaults of this object.")
        @Nullable BackendTlsSpec tls) {

    /** A Service and one of its ports. */
    public record ServiceRef(
            @JsonPropertyDescription("Name of the Service.")
            @Required
            @Pattern(FieldRules.NAME) @Size(min = 1, max = 63) @ValidationRule(value = FieldRules.NAME_RULE, message = FieldRules.NAME_MESSAGE)
            String name,

            @JsonPropertyDescription("Number or name of a port of the Service.") @Required
            IntOrString port) {}

    /** Labels that a pod must have. */
    public record PodSelector(
            @JsonPropertyDescription("Labels that a pod must have.") @Required @Size(min = 1, max = 32) Map<String, @Pattern(FieldRules.LABEL_VALUE) @Size(max = 63) String> matchLabels) {}
}
