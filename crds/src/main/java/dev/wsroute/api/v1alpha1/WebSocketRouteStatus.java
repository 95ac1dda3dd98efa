package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found and did. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebSocketRouteStatus(
        @JsonPropertyDescription("The generation of the route that this status is about.") @Nullable Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted, ResolvedRefs, Programmed, BackendsAvailable, Ready; Stalled for what only an edit can mend.")
        @Nullable List<Condition> conditions,

        @JsonPropertyDescription("The proxy pods.") @Nullable Proxies proxies,

        @JsonPropertyDescription("How many proxy pods there are, for the scale subresource.") @StatusReplicas @Nullable Integer replicas,

        @JsonPropertyDescription("Selector of the proxy pods, for the scale subresource and autoscalers.")
        @LabelSelector
        @Nullable String selector,

        @JsonPropertyDescription("How many backend endpoints are ready, over all backends.") @Nullable Integer readyEndpoints,

        @JsonPropertyDescription("Each backend with its endpoints.") @Nullable List<Backend> backends,

        @JsonPropertyDescription("Where clients reach the proxy.") @Nullable List<Address> addresses) {

    /** The proxy pods, counted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Proxies(
            @JsonPropertyDescription("How many are wanted.") int desired,
            @JsonPropertyDescription("How many are ready.") int ready,

            @JsonPropertyDescription("How many of the ready ones run the current configuration.")
            int programmed,

            @JsonPropertyDescription("ready/desired, as kubectl shows it.")
            String summary) {}

    /** A backend, counted. */
    public record Backend(
            @JsonPropertyDescription("Such as service/chat:ws or pods/app=chat:8010.")
            String name,

            @JsonPropertyDescription("Endpoints that take new connections.")
            int ready,

            @JsonPropertyDescription("Endpoints whose pods are being deleted.")
            int terminating) {}

    /** Where clients reach the proxy. */
    public record Address(
            @JsonPropertyDescription("Hostname or IPAddress.")
            Type type,

            @JsonPropertyDescription("The host name or the IP address.")
            String value) {

        /** What the value is. */
        public enum Type {
            Hostname,
            IPAddress
        }
    }
}
