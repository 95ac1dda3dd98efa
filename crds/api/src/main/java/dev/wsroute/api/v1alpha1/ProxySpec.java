// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.ListenerConfig;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the proxy that serves a route runs. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProxySpec(
        @JsonPropertyDescription("How many proxy pods run. Leave it out of Git when an autoscaler scales the route.")
        @Default("2")
        @Min(0) @Max(1000) @SpecReplicas
        @Nullable Integer replicas,

        @JsonPropertyDescription("The ports that the proxy accepts connections on. Changing them rolls the proxy pods.")
        @Default("[{\"name\": \"ws\", \"port\": 80, \"protocol\": \"HTTP\"}]")
        @Size(min = 1, max = 16) @ValidationRule(value = FieldRules.LISTENER_PORTS_RULE, message = FieldRules.LISTENER_PORTS_MESSAGE)
        @ValidationRule(value = FieldRules.LISTENER_PORT_RULE, message = FieldRules.LISTENER_PORT_MESSAGE)
        @Nullable List<Listener> listeners,

        @JsonPropertyDescription("The Service in front of the proxy pods.") @Default("{}") @Nullable ServiceSpec service,

        @JsonPropertyDescription("How the proxy learns a client's address.") @Nullable ClientAddress clientAddress,

        @JsonPropertyDescription("Limits of each proxy pod.") @Nullable ProxyLimits limits,

        @JsonPropertyDescription(
                "How a proxy pod shuts down. Changing it rolls the proxy pods, since their grace period follows from it.")
        @Nullable Drain drain,

        @JsonPropertyDescription("What the proxy writes of each connection to its standard output.") @Nullable AccessLog accessLog,

        @JsonPropertyDescription("Image of the proxy pods. Absent: the one that the operator was installed with.")
        @Pattern("^\\S+$") @Size(min = 1, max = 1024) @Nullable String image,

        @JsonPropertyDescription("Secrets to pull the image with.") @Size(max = 16) @Nullable List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription("CPU and memory of a proxy pod.") @Nullable ResourceRequirements resources,

        @JsonPropertyDescription("Labels that a node must bear to run a proxy pod.") @Size(max = 32) @Nullable Map<String, @Pattern(FieldRules.LABEL_VALUE) @Size(max = 63) String> nodeSelector,

        @JsonPropertyDescription("Node taints that a proxy pod tolerates.") @Size(max = 32) @Nullable List<Toleration> tolerations,

        @JsonPropertyDescription("Affinities of a proxy pod.") @Nullable Affinity affinity,

        @JsonPropertyDescription("How the proxy pods spread. Absent: over nodes, as well as it goes.")
        @Size(max = 16) @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,

        @JsonPropertyDescription("Priority class of a proxy pod.") @Size(min = 1, max = 253) @Nullable String priorityClassName,

        @JsonPropertyDescription("Further labels of a proxy pod; keys of the operator's own are not overridden.")
        @Size(max = 32) @Nullable Map<String, @Pattern(FieldRules.LABEL_VALUE) @Size(max = 63) String> podLabels,

        @JsonPropertyDescription("Further annotations of a proxy pod.") @Size(max = 64) @Nullable Map<String, @Size(max = 16_384) String> podAnnotations) {

    /** A port that the proxy accepts connections on. */
    public record Listener(
            @JsonPropertyDescription("Name of the listener, unique in the proxy; it is the Service port's name too.")
            @Required
            @Pattern(FieldRules.PORT_NAME) @Size(min = 1, max = 15) @ValidationRule(value = FieldRules.PORT_NAME_RULE, message = FieldRules.PORT_NAME_MESSAGE)
            String name,

            @JsonPropertyDescription("The port. 9901 and 9902 are the proxy's own, for metrics and probes.")
            @Required
            @Min(1) @Max(65535) Integer port,

            @JsonPropertyDescription("What is spoken on it.") @Default("HTTP")
            ListenerConfig.@Nullable Protocol protocol) {}

    /** The Service in front of the proxy pods. */
    @ValidationRule(
            value = "!has(self.externalTrafficPolicy) || (has(self.type) && self.type != 'ClusterIP')",
            message = "externalTrafficPolicy goes with type NodePort or LoadBalancer only")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ServiceSpec(
            @JsonPropertyDescription("ClusterIP: inside the cluster. NodePort, LoadBalancer: also from outside.")
            @Default("ClusterIP")
            @Nullable Type type,

            @JsonPropertyDescription(
                    "Annotations of the Service, such as those that configure a cloud's load balancer.")
            @Size(max = 64) @Nullable Map<String, @Size(max = 16_384) String> annotations,

            @JsonPropertyDescription(
                    "Local keeps the client's address and spares a hop; with NodePort or LoadBalancer only.")
            @Nullable TrafficPolicy externalTrafficPolicy) {

        /** Who can reach the Service. */
        public enum Type {
            ClusterIP,
            NodePort,
            LoadBalancer
        }

        /** Which pods outside traffic is sent to. */
        public enum TrafficPolicy {
            Cluster,
            Local
        }
    }

    /** How a proxy pod shuts down. */
    public record Drain(
            @JsonPropertyDescription(
                    "How long it goes on accepting after its readiness fell, so that load balancers hear of it.")
            @Nullable String delay,

            @JsonPropertyDescription("Then its connections are asked to leave with Close 1001, evenly over this time.")
            @Nullable String over,

            @JsonPropertyDescription(
                    "How long a Close frame may wait for a frame boundary, and for its answer, before the connection is reset.")
            @Nullable String closeTimeout) {}
}
