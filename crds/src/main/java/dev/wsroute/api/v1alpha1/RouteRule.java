package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.Durations;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
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
        @Size(max = 64) @Nullable List<Match> matches,

        @JsonPropertyDescription("Where the connections go, shared out by weight.") @Required @Size(min = 1, max = 16) List<BackendRef> backendRefs,

        @JsonPropertyDescription(
                "What becomes of requests that do not ask for a WebSocket: polling, Server-Sent Events, pages.")
        @JsonProperty("plainHTTP")
        @Default("{}")
        @Nullable PlainHttp plainHttp,

        @JsonPropertyDescription("How an endpoint is chosen for a new connection.") @Default("{}") @Nullable LoadBalancing loadBalancing,

        @JsonPropertyDescription("How long things may take.") @Default("{}") @Nullable Timeouts timeouts,

        @JsonPropertyDescription("What holds for each connection.") @Default("{}") @Nullable Connections connections,

        @JsonPropertyDescription("How the connections of a leaving backend pod are asked to go.")
        @Default("{}")
        @Nullable Drain drain) {

    public RouteRule {
        matches = matches == null ? List.of() : List.copyOf(matches);
        backendRefs = backendRefs == null ? List.of() : List.copyOf(backendRefs);
    }

    /** A request fits when all parts of the match do. */
    public record Match(
            @JsonPropertyDescription("Compares the path, as the client sent it. Absent: every path.") @Nullable PathMatch path) {}

    /** A comparison with the request's path, without its query. */
    public record PathMatch(
            @JsonPropertyDescription(
                    "PathPrefix: the value, alone or followed by further path segments. Exact: nothing but the value.")
            @Default("PathPrefix")
            @Nullable Type type,

            @JsonPropertyDescription("The path to compare with; it starts with a slash.")
            @Default("/")
            @Pattern(FieldRules.PATH) @Size(min = 1, max = 1024) @ValidationRule(value = FieldRules.PATH_RULE, message = FieldRules.PATH_MESSAGE)
            @Nullable String value) {

        /** How paths are compared. */
        public enum Type {
            PathPrefix,
            Exact
        }
    }

    /** What becomes of requests that do not upgrade. */
    public record PlainHttp(
            @JsonPropertyDescription("Proxy: passed on to the same backends. Reject: answered 426 Upgrade Required.")
            @Default("Proxy")
            @Nullable Mode mode,

            @JsonPropertyDescription("How long a backend may take until its response head arrives; 504 after that.")
            @Default("60s")
            @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.POSITIVE_DURATION_RULE, message = FieldRules.POSITIVE_DURATION_MESSAGE)
            @Nullable String responseTimeout) {

        /** Passed on or refused. */
        public enum Mode {
            Proxy,
            Reject
        }
    }

    /** How an endpoint is chosen. */
    public record LoadBalancing(
            @JsonPropertyDescription(
                    "LeastConnections: of two endpoints drawn at random, the one with fewer live connections."
                            + " RoundRobin: one after another.")
            @Default("LeastConnections")
            @Nullable Type type) {

        /** How an endpoint is chosen. */
        public enum Type {
            LeastConnections,
            RoundRobin
        }
    }

    /** How long things may take. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Timeouts(
            @JsonPropertyDescription("For the TCP connection to a backend pod; then another one is tried.")
            @Default("5s")
            @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.POSITIVE_DURATION_RULE, message = FieldRules.POSITIVE_DURATION_MESSAGE)
            @Nullable String connect,

            @JsonPropertyDescription("From the request to the backend's 101 answer; 504 after that.")
            @Default("15s")
            @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.POSITIVE_DURATION_RULE, message = FieldRules.POSITIVE_DURATION_MESSAGE)
            @Nullable String upgrade,

            @JsonPropertyDescription("A WebSocket without a byte in either direction for this long is closed with 1001."
                    + " Absent: an idle WebSocket is never cut.")
            @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.POSITIVE_DURATION_RULE, message = FieldRules.POSITIVE_DURATION_MESSAGE)
            @Nullable String idle,

            @JsonPropertyDescription("A WebSocket is reset when bytes wait for a reader that took none for this long.")
            @Default("60s")
            @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.POSITIVE_DURATION_RULE, message = FieldRules.POSITIVE_DURATION_MESSAGE)
            @Nullable String writeStall) {}

    /** What holds for each connection. */
    public record Connections(
            @JsonPropertyDescription(
                    "How many further endpoints are tried when connecting fails, before the request was sent.")
            @Default("2")
            @Min(0) @Max(10) @Nullable Integer connectRetries) {}

    /** How the connections of a leaving backend pod are asked to go. */
    public record Drain(
            @JsonPropertyDescription(
                    "Their Close frames (1012) are spread evenly over this time; keep it below the backend"
                            + " pods' termination grace period.")
            @Default("20s")
            @Pattern(Durations.PATTERN) @Size(max = FieldRules.DURATION_LENGTH) @ValidationRule(value = FieldRules.DURATION_RULE, message = FieldRules.DURATION_MESSAGE)
            @Nullable String over) {}
}
