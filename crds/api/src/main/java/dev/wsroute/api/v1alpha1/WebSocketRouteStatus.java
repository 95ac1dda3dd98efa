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

/** What the operator found and did. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebSocketRouteStatus(
        @JsonPropertyDescription("The generation of the route that this status is about.") @Min(0) @Nullable Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted, ResolvedRefs, Programmed, BackendsAvailable, Ready; Stalled for what only an edit can mend.")
        @Size(max = 16) @Nullable List<Condition> conditions,

        @JsonPropertyDescription("The proxy pods.") @Nullable Proxies proxies,

        @JsonPropertyDescription("How many proxy pods there are, for the scale subresource.")
        @StatusReplicas
        @Min(0) @Nullable Integer replicas,

        @JsonPropertyDescription("Selector of the proxy pods, for the scale subresource and autoscalers.")
        @LabelSelector
        @Size(max = 4096) @Nullable String selector,

        @JsonPropertyDescription("How many backend endpoints are ready, each counted once.") @Min(0) @Nullable Integer readyEndpoints,

        @JsonPropertyDescription("Each backend with its endpoints.") @Size(max = 1024) @Nullable List<Backend> backends,

        @JsonPropertyDescription("Where clients reach the proxy.") @Size(max = 64) @Nullable List<Address> addresses) {

    /** The proxy pods, counted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Proxies(
            @JsonPropertyDescription("How many are wanted.") @Required @Min(0) int desired,

            @JsonPropertyDescription("How many are ready.") @Required @Min(0) int ready,

            @JsonPropertyDescription("How many of the ready ones run the current configuration.") @Required @Min(0) int programmed,

            @JsonPropertyDescription("ready/desired, as kubectl shows it.") @Required @Size(max = 32) String summary) {}

    /** A backend, counted. */
    public record Backend(
            @JsonPropertyDescription("Such as service/chat:ws or pods/app=chat:8010.")
            @Required
            @Size(min = 1, max = 16_384) String name,

            @JsonPropertyDescription("Endpoints that take new connections.") @Required @Min(0) int ready,

            @JsonPropertyDescription("Endpoints whose pods are being deleted.") @Required @Min(0) int terminating) {}

    /** Where clients reach the proxy. */
    public record Address(
            @JsonPropertyDescription("Hostname or IPAddress.") @Required
            Type type,

            @JsonPropertyDescription("The host name or the IP address.") @Required @Size(min = 1, max = 253) String value) {

        /** What the value is. */
        public enum Type {
            Hostname,
            IPAddress
        }
    }
}
