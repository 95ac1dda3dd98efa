// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.RuleConfig;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule: which requests go to which backends, and how. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteRule(
        @JsonPropertyDescription("Name of the rule, unique in the route. It appears in metrics and in the status.")
        @Required
        @Pattern(FieldRules.NAME) @Size(min = 1, max = 63) @ValidationRule(value = FieldRules.NAME_RULE, message = FieldRules.NAME_MESSAGE)
        String name,

        @JsonPropertyDescription(
                "The rule applies to requests that match at least one of these. Empty: to all requests.")
        @Size(max = 64) @Nullable List<RouteMatch> matches,

        @JsonPropertyDescription("Backends of the rule. Connections are distributed by weight.")
        @Required
        @Size(min = 1, max = 16) List<BackendRef> backendRefs,

        @JsonPropertyDescription("Changes to the path and host of requests.") @Nullable UrlRewriteSpec urlRewrite,

        @JsonPropertyDescription("Changes to the headers of requests to backends.") @Nullable HeaderModifierSpec requestHeaderModifier,

        @JsonPropertyDescription(
                "Changes to the headers of responses to clients, including handshakes and the proxy's own " + "errors.")
        @Nullable HeaderModifierSpec responseHeaderModifier,

        @JsonPropertyDescription("Trailers, the headers after a chunked body, that the proxy forwards. Absent: none.")
        @Nullable TrailersSpec trailers,

        @JsonPropertyDescription(
                "How to handle requests without a WebSocket upgrade: polling, Server-Sent Events, pages.")
        @JsonProperty("plainHTTP")
        @Nullable PlainHttpSpec plainHttp,

        @JsonPropertyDescription("How to choose an endpoint for a new connection.") @Nullable LoadBalancingSpec loadBalancing,

        @JsonPropertyDescription(
                "Sends further connections of a client to the same backend pod as its first one, regardless of "
                        + "weights and load balancing. Absent: each connection is balanced independently.")
        @Nullable SessionPersistenceSpec sessionPersistence,

        @JsonPropertyDescription("Timeouts.") @Nullable TimeoutsSpec timeouts,

        @JsonPropertyDescription("Settings and limits of each connection.") @Nullable ConnectionsSpec connections,

        @JsonPropertyDescription("How to close the connections of a terminating backend pod.") @Nullable DrainSpec drain,

        @JsonPropertyDescription(
                "Who may connect. A request, with or without WebSocket upgrade, is served only if all parts that are set agree. "
                        + "Absent: everybody.")
        @Nullable AccessSpec access) {

    public RouteRule {
        matches = matches == null ? List.of() : List.copyOf(matches);
        backendRefs = backendRefs == null ? List.of() : List.copyOf(backendRefs);
    }

    /** The same rule with another {@code access}. */
    public RouteRule withAccess(@Nullable AccessSpec other) {
        return new RouteRule(
                name,
                matches,
                backendRefs,
                urlRewrite,
                requestHeaderModifier,
                responseHeaderModifier,
                trailers,
                plainHttp,
                loadBalancing,
                sessionPersistence,
                timeouts,
                connections,
                drain,
                other);
    }

    /** How to handle requests without an upgrade. */
    public record PlainHttpSpec(
            @JsonPropertyDescription("Proxy: forward them to the same backends. Reject: answer 426 Upgrade Required.")
            RuleConfig.PlainHttp.@Nullable Mode mode,

            @JsonPropertyDescription(
                    "How long a backend may take to send the response head; after that, the client gets 504.")
            @Nullable String responseTimeout) {}

    /** Timeouts of a rule. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TimeoutsSpec(
            @JsonPropertyDescription(
                    "Timeout of the TCP connection to a backend pod; after that, another pod is tried.")
            @Nullable String connect,

            @JsonPropertyDescription(
                    "Time from the request to the backend's 101 response; after that, the client gets 504.")
            @Nullable String upgrade,

            @JsonPropertyDescription(
                    "A WebSocket without any data in either direction for this long is closed with 1001. Absent: "
                            + "idle WebSockets stay open.")
            @Nullable String idle,

            @JsonPropertyDescription(
                    "A WebSocket is reset if data has been waiting for this long while the receiver read nothing.")
            @Nullable String writeStall) {}

    /** How to close the connections of a terminating backend pod. */
    public record DrainSpec(
            @JsonPropertyDescription(
                    "The Close frames (1012) are spread evenly over this time. Must be shorter than the termination "
                            + "grace period of the backend pods.")
            @Nullable String over) {}
}
