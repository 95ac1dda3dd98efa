// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The observed state, written by the operator. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebSocketRouteStatus(
        @JsonPropertyDescription("Generation of the route that this status describes.") @Min(0) @Nullable Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted, ResolvedRefs, Programmed, BackendsAvailable and Ready; Stalled if only an edit can "
                        + "fix the route; ScalingActive and ScalingLimited with autoscaling.")
        @Size(max = 16) @Nullable List<Condition> conditions,

        @JsonPropertyDescription("The proxy pods.") @Nullable Proxies proxies,

        @JsonPropertyDescription("Number of proxy pods, for the scale subresource.") @StatusReplicas @Min(0) @Nullable Integer replicas,

        @JsonPropertyDescription("Selector of the proxy pods, for the scale subresource and autoscalers.")
        @LabelSelector
        @Size(max = 4096) @Nullable String selector,

        @JsonPropertyDescription("Number of ready backend endpoints; an endpoint of several backends is counted once.")
        @Min(0) @Nullable Integer readyEndpoints,

        @JsonPropertyDescription("Backends with the number of their endpoints.") @Size(max = 1024) @Nullable List<Backend> backends,

        @JsonPropertyDescription("Addresses at which clients reach the proxy.") @Size(max = 64) @Nullable List<Address> addresses) {

    /** Numbers of proxy pods. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Proxies(
            @JsonPropertyDescription("Desired number of proxy pods.") @Required @Min(0) int desired,

            @JsonPropertyDescription("Number of ready proxy pods.") @Required @Min(0) int ready,

            @JsonPropertyDescription("Number of ready proxy pods that run the current configuration.") @Required @Min(0) int programmed,

            @JsonPropertyDescription("Ready and desired proxy pods for kubectl, such as 2/2.") @Required @Size(max = 32) String summary) {}

    /** Numbers of endpoints of a backend. */
    public record Backend(
            @JsonPropertyDescription("Name of the backend, such as service/chat:ws or pods/app=chat:8010.")
            @Required
            @Size(min = 1, max = 16_384) String name,

            @JsonPropertyDescription("Number of endpoints that accept new connections.") @Required @Min(0) int ready,

            @JsonPropertyDescription("Number of endpoints whose pods are being deleted.") @Required @Min(0) int terminating) {}

    /** An address at which clients reach the proxy. */
    public record Address(
            @JsonPropertyDescription("Type of the address: Hostname or IPAddress.") @Required
            Type type,

            @JsonPropertyDescription("Host name or IP address.") @Required @Size(min = 1, max = 253) String value) {

        /** Type of the value. */
        public enum Type {
            Hostname,
            IPAddress
        }
    }
}
