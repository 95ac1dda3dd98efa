// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to handle requests that match.
 *
 * @param name unique in its route
 * @param matches any of them; empty: every path
 * @param urlRewrite what a backend is asked for instead; absent: what the client asked for
 * @param requestHeaderModifier changes of the request's headers; absent: none
 * @param responseHeaderModifier changes of the response's headers, the answer to an upgrade included; absent: none
 * @param trailers which ones pass; absent: none
 * @param backends where connections go, by weight
 * @param plainHttp what becomes of requests that do not upgrade
 * @param loadBalancing how to choose an endpoint
 * @param sessionPersistence pins a client to an endpoint; absent: each connection is balanced independently
 * @param timeouts of connections
 * @param connections settings of each WebSocket
 * @param drain how to close the connections of a terminating endpoint
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleConfig(
        @NotBlank @JsonProperty(required = true) String name,
        List<MatchConfig> matches,
        @Nullable UrlRewrite urlRewrite,
        @Nullable HeaderModifier requestHeaderModifier,
        @Nullable HeaderModifier responseHeaderModifier,
        @Nullable Trailers trailers,

        @JsonPropertyDescription("Backends of the rule, with unique names. Connections are distributed by weight.")
        @Distinct
        List<BackendConfig> backends,

        @JsonProperty("plainHTTP") PlainHttp plainHttp,
        LoadBalancing loadBalancing,
        @Nullable SessionPersistence sessionPersistence,
        Timeouts timeouts,
        ConnectionRules connections,
        BackendDrain drain) {

    public RuleConfig {
        matches = Defaults.list(matches);
        backends = Defaults.list(backends);
        plainHttp = Defaults.or(plainHttp, PlainHttp.DEFAULT);
        loadBalancing = Defaults.or(loadBalancing, LoadBalancing.DEFAULT);
        timeouts = Defaults.or(timeouts, Timeouts.DEFAULT);
        connections = Defaults.or(connections, ConnectionRules.DEFAULT);
        drain = Defaults.or(drain, BackendDrain.DEFAULT);
    }

    @Rule(
            cel = "!has(self.urlRewrite) || !has(self.urlRewrite.path) || !has(self.matches)"
                    + " || self.matches.all(m, !has(m.path) || !has(m.path.type) || m.path.type == 'PathPrefix')",
            message = "needs type PathPrefix in every match, since it has urlRewrite.path")
    @Nullable String replacesPrefixesOnly() {
        for (int i = 0; urlRewrite != null && urlRewrite.path() != null && i < matches.size(); i++) {
            PathMatch path = matches.get(i).path();
            if (path != null && path.type() != PathMatch.Type.PathPrefix) {
                return "matches[" + i + "].path of type " + path.type() + " with value \"" + path.value() + "\"";
            }
        }
        return null;
    }

    /** This rule with other backends. */
    public RuleConfig withBackends(List<BackendConfig> others) {
        return new RuleConfig(
                name,
                matches,
                urlRewrite,
                requestHeaderModifier,
                responseHeaderModifier,
                trailers,
                others,
                plainHttp,
                loadBalancing,
                sessionPersistence,
                timeouts,
                connections,
                drain);
    }

    /** Starts to build a rule called {@code name} from the defaults. */
    public static RuleConfigBuilder named(String name) {
        return new RuleConfigBuilder(name);
    }

    /**
     * Conditions on a request; all of them must be met.
     *
     * @param path absent: any path
     * @param headers the request must have all of them, each with this value
     * @param queryParams the query must have all of them, each with this value, percent-decoded
     * @param subprotocols the client must offer one of them; empty: no condition
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record MatchConfig(
            @Nullable PathMatch path,

            @Distinct(ignoreCase = true)
            @Pairs(
                    name = @Text(max = 256, form = TextForm.TOKEN),
                    value = @Text(max = 4096, form = TextForm.HEADER_VALUE))
            List<NameValue> headers,

            @Distinct @Pairs(name = @Text(max = 256), value = @Text(min = 0, max = 1024))
            List<NameValue> queryParams,

            @Text(max = 256, form = TextForm.TOKEN) List<String> subprotocols) {

        /** Every request. */
        public static final MatchConfig ANY = new MatchConfig(null, List.of(), List.of(), List.of());

        public MatchConfig {
            headers = Defaults.list(headers);
            queryParams = Defaults.list(queryParams);
            subprotocols = Defaults.list(subprotocols);
        }

        /** A match with a condition on the path only. */
        public static MatchConfig ofPath(PathMatch.Type type, String value) {
            return new MatchConfig(new PathMatch(type, value), List.of(), List.of(), List.of());
        }
    }

    /**
     * @param type how {@code value} is compared with the received path, without its query
     * @param value starts with a slash, unless it is a regular expression
     */
    @Rule(
            cel = PathMatch.NO_REGEX + "!self.value.contains('\\\\Q')",
            message = "must be a regular expression that escapes literal characters with \\ instead of \\Q and \\E",
            field = "value")
    // Evaluation fails if the expression does not compile, and the API reports the compiler's message. An expression
    // with a counted group or a count above 9 is not compiled there, in the shared API server, but by the operator,
    // which computes its size first. The guard is short because Kubernetes estimates a rule's cost from its length.
    @Rule(
            cel = PathMatch.NO_REGEX + "self.value.matches(r'\\){|\\d\\d') || (''.matches(self.value) ? true : true)",
            message = "must be a regular expression in RE2 syntax",
            field = "value")
    public record PathMatch(Type type, @Text(max = 1024) String value) {

        private static final String IS_REGEX = "has(self.type) && self.type == 'RegularExpression'";
        private static final String NO_REGEX = "!(" + IS_REGEX + ") || !has(self.value) || ";
        private static final Pattern PATH = Pattern.compile(HttpNames.PATH);

        public PathMatch {
            type = Defaults.or(type, Type.PathPrefix);
            value = Defaults.or(value, "/");
        }

        @Rule(
                cel = IS_REGEX + " || !has(self.value) || self.value.matches(r'" + HttpNames.PATH + "')",
                message =
                        "must begin with / and must not contain white space, ? or #, unless type is RegularExpression",
                field = "value")
        boolean isPathOrExpression() {
            return type == Type.RegularExpression || PATH.matcher(value).matches();
        }

        // After an escaped parenthesis CEL cannot tell, within its cost limit, what is repeated: the operator checks.
        @Rule(
                cel = NO_REGEX + "self.value.contains(r'\\){') || !self.value.matches(r'\\){\\d*,?\\d{3}')",
                message = "must be a regular expression that repeats a group at most 99 times",
                field = "value")
        boolean repeatsGroupsRarely() {
            // Longer values are refused anyway.
            return type != Type.RegularExpression
                    || value.length() > RegexRules.MAX_LENGTH
                    || !RegexSize.of(value).repeatsGroupOften();
        }

        /** How paths are compared. The constants are those of the Gateway API. */
        public enum Type {
            /** The path is the value, or the value followed by further segments. */
            PathPrefix,
            /** The path equals the value, byte for byte. */
            Exact,
            /** The value is an expression in RE2 syntax that matches the whole path. */
            RegularExpression
        }
    }

    /**
     * @param mode how to handle requests without an upgrade
     * @param responseTimeout how long a backend may take to send the response head; not for the body
     */
    public record PlainHttp(
            Mode mode, @Span(min = Span.ABOVE_ZERO) Duration responseTimeout) {

        /** Forwarded, with a minute for the response head. */
        public static final PlainHttp DEFAULT = new PlainHttp(Mode.Proxy, Duration.ofSeconds(60));

        public PlainHttp {
            mode = Defaults.or(mode, Mode.Proxy);
            responseTimeout = Defaults.or(responseTimeout, Duration.ofSeconds(60));
        }

        /** How to handle requests without an upgrade. */
        public enum Mode {
            /** They are forwarded to the same backends. */
            Proxy,
            /** They get 426 Upgrade Required. */
            Reject
        }
    }

    /**
     * @param type how to choose an endpoint
     * @param slowStart how long it takes until a new endpoint gets its full share; 0s if the type has no slow start
     * @param consistentHash which part of a request is hashed; set only with type ConsistentHash
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LoadBalancing(
            Type type,
            @Span(dependentDefault = true) Duration slowStart,
            @Nullable ConsistentHash consistentHash) {

        /** Of two random endpoints the one with fewer open connections; 30 s of slow start. */
        public static final LoadBalancing DEFAULT = of(Type.LeastConnections);

        public LoadBalancing {
            type = Defaults.or(type, Type.LeastConnections);
            slowStart = Defaults.or(slowStart, type == Type.LeastConnections ? Duration.ofSeconds(30) : Duration.ZERO);
        }

        @Rule(
                cel = "has(self.consistentHash) == (has(self.type) && self.type == 'ConsistentHash')",
                message = "needs consistentHash with type ConsistentHash, and must not have it with another type")
        boolean hasHashWhereNeeded() {
            return (consistentHash != null) == (type == Type.ConsistentHash);
        }

        @Rule(
                cel = "!has(self.slowStart) || !has(self.type) || self.type == 'LeastConnections'",
                message = "must not have slowStart unless type is LeastConnections")
        boolean startsSlowlyWhereItCan() {
            return type == Type.LeastConnections || slowStart.isZero();
        }

        /** With defaults for everything else; not for ConsistentHash, which needs to know what to hash. */
        public static LoadBalancing of(Type type) {
            return new LoadBalancing(
                    type, type == Type.LeastConnections ? Duration.ofSeconds(30) : Duration.ZERO, null);
        }

        /** How to choose an endpoint. */
        public enum Type {
            /** Of two random endpoints the one with fewer open connections. */
            LeastConnections,
            /** Each endpoint in turn. */
            RoundRobin,
            /** The same endpoint for the same hashed value, as long as it exists and is not overloaded. */
            ConsistentHash
        }
    }

    /**
     * @param connect timeout of the TCP connection to an endpoint
     * @param upgrade from writing the request head to the backend's 101
     * @param idle a WebSocket without data in either direction for this long is closed; absent: never
     * @param writeStall a WebSocket is reset if data has been waiting for this long while the receiver read nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Timeouts(
            @Span(min = Span.ABOVE_ZERO) Duration connect,
            @Span(min = Span.ABOVE_ZERO) Duration upgrade,
            @Span(min = Span.ABOVE_ZERO) @Nullable Duration idle,
            @Span(min = Span.ABOVE_ZERO) Duration writeStall) {

        /** 5 s to connect, 15 s to upgrade, no idle timeout, 60 s of write stall. */
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(15), null, Duration.ofSeconds(60));

        public Timeouts {
            connect = Defaults.or(connect, Duration.ofSeconds(5));
            upgrade = Defaults.or(upgrade, Duration.ofSeconds(15));
            writeStall = Defaults.or(writeStall, Duration.ofSeconds(60));
        }
    }

    /** @param over the time over which the connections of a terminating endpoint are closed, evenly spread */
    public record BackendDrain(@Span Duration over) {

        /** 20 s. */
        public static final BackendDrain DEFAULT = new BackendDrain(Duration.ofSeconds(20));

        public BackendDrain {
            over = Defaults.or(over, Duration.ofSeconds(20));
        }
    }
}
