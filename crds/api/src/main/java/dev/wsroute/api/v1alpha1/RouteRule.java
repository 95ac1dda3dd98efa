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

/** A rule: which requests, to which backends, and how. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteRule(
        @JsonPropertyDescription("Name of the rule, unique in the route; it appears in metrics and status.")
        @Required
        @Pattern(FieldRules.NAME) @Size(min = 1, max = 63) @ValidationRule(value = FieldRules.NAME_RULE, message = FieldRules.NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("A request belongs to the rule when one of these fits. Empty: every request.")
        @Size(max = 64) @Nullable List<RouteMatch> matches,

        @JsonPropertyDescription("Where the connections go, shared out by weight.") @Required @Size(min = 1, max = 16) List<BackendRef> backendRefs,

        @JsonPropertyDescription("What the backends are asked for instead of what the client asked for.") @Nullable UrlRewrite urlRewrite,

        @JsonPropertyDescription("Changes of the headers of the requests that backends see.") @Nullable HeaderModifier requestHeaderModifier,

        @JsonPropertyDescription(
                "Changes of the headers of the responses that clients see, those to handshakes and the proxy's own errors"
                        + " too.")
        @Nullable HeaderModifier responseHeaderModifier,

        @JsonPropertyDescription("Which trailers, the headers behind a chunked body, pass. Absent: none.") @Nullable Trailers trailers,

        @JsonPropertyDescription(
                "What becomes of requests that do not ask for a WebSocket: polling, Server-Sent Events, pages.")
        @JsonProperty("plainHTTP")
        @Nullable PlainHttp plainHttp,

        @JsonPropertyDescription("How an endpoint is chosen for a new connection.") @Nullable LoadBalancing loadBalancing,

        @JsonPropertyDescription(
                "Sends a client's later connections to the backend pod of its first, whatever weights and balancing"
                        + " say. Absent: each connection is balanced anew.")
        @Nullable SessionPersistence sessionPersistence,

        @JsonPropertyDescription("How long things may take.") @Nullable Timeouts timeouts,

        @JsonPropertyDescription("What holds for each connection.") @Nullable Connections connections,

        @JsonPropertyDescription("How the connections of a leaving backend pod are asked to go.") @Nullable Drain drain) {

    public RouteRule {
        matches = matches == null ? List.of() : List.copyOf(matches);
        backendRefs = backendRefs == null ? List.of() : List.copyOf(backendRefs);
    }

    /** What becomes of requests that do not upgrade. */
    public record PlainHttp(
            @JsonPropertyDescription("Proxy: passed on to the same backends. Reject: answered 426 Upgrade Required.")
            RuleConfig.PlainHttp.@Nullable Mode mode,

            @JsonPropertyDescription("How long a backend may take until its response head arrives; 504 after that.")
            @Nullable String responseTimeout) {}

    /** How long things may take. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Timeouts(
            @JsonPropertyDescription("For the TCP connection to a backend pod; then another one is tried.") @Nullable String connect,

            @JsonPropertyDescription("From the request to the backend's 101 answer; 504 after that.") @Nullable String upgrade,

            @JsonPropertyDescription("A WebSocket without a byte in either direction for this long is closed with 1001."
                    + " Absent: an idle WebSocket is never cut.")
            @Nullable String idle,

            @JsonPropertyDescription("A WebSocket is reset when bytes wait for a reader that took none for this long.")
            @Nullable String writeStall) {}

    /** How the connections of a leaving backend pod are asked to go. */
    public record Drain(
            @JsonPropertyDescription(
                    "Their Close frames (1012) are spread evenly over this time; keep it below the backend"
                            + " pods' termination grace period.")
            @Nullable String over) {}
}
