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

/** Settings of the proxy that serves a route. */
@ValidationRule(value = FieldRules.REPLICAS_RULE, message = FieldRules.REPLICAS_MESSAGE)
@ValidationRule(value = FieldRules.TARGET_RULE, message = FieldRules.TARGET_MESSAGE)
@ValidationRule(value = FieldRules.CPU_RULE, message = FieldRules.CPU_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProxySpec(
        @JsonPropertyDescription("Number of proxy pods. Omit it from manifests if an autoscaler scales the route. With "
                + "autoscaling it has no meaning, and no value but the default is allowed.")
        @Default("2")
        @Min(0) @Max(1000) @SpecReplicas
        @Nullable Integer replicas,

        @JsonPropertyDescription(
                "The operator scales the proxies by their connections, and, with cpuUtilization, by CPU. Absent: replicas is their number, which others may "
                        + "change, such as a HorizontalPodAutoscaler.")
        @Nullable AutoscalingSpec autoscaling,

        @JsonPropertyDescription(
                "Closes WebSockets of proxies that have more than their fair share, with 1012 and slowly, so that their clients "
                        + "reconnect to others, for example after a scale-out.")
        @Nullable RebalanceSpec rebalance,

        @JsonPropertyDescription(
                "Ports on which the proxy accepts connections. A change restarts the proxy pods in a roll-out.")
        @Default("[{\"name\": \"ws\", \"port\": 80, \"protocol\": \"HTTP\"}]")
        @Size(min = 1, max = 16) @ValidationRule(value = FieldRules.LISTENER_PORTS_RULE, message = FieldRules.LISTENER_PORTS_MESSAGE)
        @ValidationRule(value = FieldRules.LISTENER_PORT_RULE, message = FieldRules.LISTENER_PORT_MESSAGE)
        @ValidationRule(value = FieldRules.REDIRECT_RULE, message = FieldRules.REDIRECT_MESSAGE)
        @ValidationRule(value = FieldRules.ONE_REDIRECT_RULE, message = FieldRules.ONE_REDIRECT_MESSAGE)
        @Nullable List<ListenerSpec> listeners,

        @JsonPropertyDescription("The Service in front of the proxy pods.") @Default("{}") @Nullable ServiceSpec service,

        @JsonPropertyDescription("How the proxy determines the address of a client.") @Nullable ClientAddressSpec clientAddress,

        @JsonPropertyDescription("Limits per proxy pod.") @Nullable LimitsSpec limits,

        @JsonPropertyDescription(
                "How a proxy pod shuts down. A change restarts the proxy pods in a roll-out, since it changes "
                        + "their termination grace period.")
        @Nullable ProxyDrainSpec drain,

        @JsonPropertyDescription("Access log on the standard output of the proxy.") @Nullable AccessLogSpec accessLog,

        @JsonPropertyDescription(
                "Image of the proxy pods, if the administrator allows it. Absent: the operator's --proxy-image.")
        @Pattern("^\\S+$") @Size(min = 1, max = 1024) @Nullable String image,

        @JsonPropertyDescription("Secrets for pulling the image.") @Size(max = 16) @Nullable List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription("Resource requests and limits of a proxy pod.") @Nullable ResourceRequirements resources,

        @JsonPropertyDescription("Labels that a node must have to run a proxy pod.") @Size(max = 32) @Nullable Map<String, @Pattern(FieldRules.LABEL_VALUE) @Size(max = 63) String> nodeSelector,

        @JsonPropertyDescription("Tolerations of a proxy pod.") @Size(max = 32) @Nullable List<Toleration> tolerations,

        @JsonPropertyDescription("Affinity of a proxy pod.") @Nullable Affinity affinity,

        @JsonPropertyDescription("How the proxy pods are spread. Absent: over nodes and zones where possible.")
        @Size(max = 16) @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,

        @JsonPropertyDescription("Priority class of a proxy pod.") @Size(min = 1, max = 253) @Nullable String priorityClassName,

        @JsonPropertyDescription("Additional labels of a proxy pod. They cannot override the operator's own labels.")
        @Size(max = 32) @Nullable Map<String, @Pattern(FieldRules.LABEL_VALUE) @Size(max = 63) String> podLabels,

        @JsonPropertyDescription("Additional annotations of a proxy pod.") @Size(max = 64) @Nullable Map<String, @Size(max = 16_384) String> podAnnotations) {

    /** A port on which the proxy accepts connections. */
    public record ListenerSpec(
            @JsonPropertyDescription("Name of the listener and of its Service port, unique in the proxy.")
            @Required
            @Pattern(FieldRules.PORT_NAME) @Size(min = 1, max = 15) @ValidationRule(value = FieldRules.PORT_NAME_RULE, message = FieldRules.PORT_NAME_MESSAGE)
            String name,

            @JsonPropertyDescription("TCP port. 9901 and 9902 are reserved for metrics and probes of the proxy.")
            @Required
            @Min(1) @Max(65535) Integer port,

            @JsonPropertyDescription(
                    "HTTP: without TLS, for ws:// and http://. HTTPS: with TLS, for wss:// and https://.")
            @Default("HTTP")
            ListenerConfig.@Nullable Protocol protocol,

            @JsonPropertyDescription(
                    "Certificates and settings of TLS. Required with protocol HTTPS, not allowed with HTTP.")
            @Nullable ListenerTlsSpec tls) {}

    /** The Service in front of the proxy pods. */
    @ValidationRule(
            value = "!has(self.externalTrafficPolicy) || (has(self.type) && self.type != 'ClusterIP')",
            message = "externalTrafficPolicy is only allowed with type NodePort or LoadBalancer")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ServiceSpec(
            @JsonPropertyDescription(
                    "ClusterIP: reachable inside the cluster only. NodePort and LoadBalancer: also from outside.")
            @Default("ClusterIP")
            @Nullable Type type,

            @JsonPropertyDescription("Annotations of the Service, for example to configure a cloud load balancer.")
            @Size(max = 64) @Nullable Map<String, @Size(max = 16_384) String> annotations,

            @JsonPropertyDescription(
                    "Local preserves the client address and avoids an extra hop. Only with type NodePort or "
                            + "LoadBalancer.")
            @Nullable TrafficPolicy externalTrafficPolicy) {

        /** Who can reach the Service. */
        public enum Type {
            ClusterIP,
            NodePort,
            LoadBalancer
        }

        /** Which pods external traffic is sent to. */
        public enum TrafficPolicy {
            Cluster,
            Local
        }
    }

    /** How a proxy pod shuts down. */
    public record ProxyDrainSpec(
            @JsonPropertyDescription(
                    "How long the proxy keeps accepting connections after it has become unready, so that load "
                            + "balancers have time to notice.")
            @Nullable String delay,

            @JsonPropertyDescription(
                    "After the delay, its WebSockets are closed with 1001, spread evenly over this time.")
            @Nullable String over,

            @JsonPropertyDescription(
                    "How long to wait for a frame boundary to send a Close frame, and then for its answer, before "
                            + "the connection is reset.")
            @Nullable String closeTimeout) {}
}
