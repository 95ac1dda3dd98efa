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
 * What happens with the requests that one of the matches fits.
 *
 * @param name unique in its route
 * @param matches any of them; empty: every path
 * @param urlRewrite what a backend is asked for instead; absent: what the client asked for
 * @param requestHeaderModifier changes of the request's headers; absent: none
 * @param responseHeaderModifier changes of the response's headers, the answer to an upgrade included; absent: none
 * @param trailers which ones pass; absent: none
 * @param backends where connections go, by weight
 * @param plainHttp what becomes of requests that do not upgrade
 * @param loadBalancing how an endpoint is chosen
 * @param sessionPersistence pins a client to an endpoint; absent: each connection is balanced anew
 * @param timeouts of connections
 * @param connections what holds for each WebSocket
 * @param drain how connections of a leaving endpoint are asked to go
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleConfig(
        @JsonProperty(required = true) String name,
        List<MatchConfig> matches,
        @Nullable UrlRewrite urlRewrite,
        @Nullable HeaderModifier requestHeaderModifier,
        @Nullable HeaderModifier responseHeaderModifier,
        @Nullable Trailers trailers,

        @JsonPropertyDescription("Where the connections go, shared out by weight; names are unique.") @Distinct
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
    boolean replacesPrefixesOnly() {
        return urlRewrite == null
                || urlRewrite.path() == null
                || matches.stream()
                        .allMatch(match -> match.path() == null || match.path().type() == PathMatch.Type.PathPrefix);
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

    /** A rule called {@code name} with the defaults, to be told what it differs in. */
    public static RuleConfigBuilder named(String name) {
        return new RuleConfigBuilder(name);
    }

    /**
     * A request fits when all parts of the match do.
     *
     * @param path absent: every path
     * @param headers the request has all of them, each with this value
     * @param queryParams the request's query has all of them, each with this value, percent-decoded
     * @param subprotocols the client offers one of them; empty: whatever it offers
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

        /** A match that looks at the path alone. */
        public static MatchConfig ofPath(PathMatch.Type type, String value) {
            return new MatchConfig(new PathMatch(type, value), List.of(), List.of(), List.of());
        }
    }

    /**
     * @param type how {@code value} is compared with the path as received, without its query
     * @param value starts with a slash, unless it is an expression
     */
    @Rule(
            cel = PathMatch.NO_REGEX + "!self.value.contains('\\\\Q')",
            message = "must be a regular expression that escapes literal characters with \\ instead of \\Q and \\E")
    // Evaluation fails if the expression does not compile, and the API reports the compiler's message. An expression
    // with a counted group or a count above 9 is not compiled there, in the shared API server, but by the operator,
    // which computes its size first. The guard is short because Kubernetes estimates a rule's cost from its length.
    @Rule(
            cel = PathMatch.NO_REGEX + "self.value.matches(r'\\){|\\d\\d') || (''.matches(self.value) ? true : true)",
            message = "must be a regular expression in RE2 syntax")
    public record PathMatch(Type type, @Text(max = 1024) String value) {

        private static final String IS_REGEX = "has(self.type) && self.type == 'RegularExpression'";
        private static final String NO_REGEX = "!(" + IS_REGEX + ") || !has(self.value) || ";
        private static final Pattern PATH = Pattern.compile(HttpNames.PATH);
        private static final Pattern MANY_GROUPS = Pattern.compile("\\)\\{\\d*,?\\d{3}");

        public PathMatch {
            type = Defaults.or(type, Type.PathPrefix);
            value = Defaults.or(value, "/");
        }

        @Rule(
                cel = IS_REGEX + " || !has(self.value) || self.value.matches(r'" + HttpNames.PATH + "')",
                message = "must have a value that begins with / and does not contain white space, ? or #, unless its"
                        + " type is RegularExpression")
        boolean isPathOrExpression() {
            return type == Type.RegularExpression || PATH.matcher(value).matches();
        }

        @Rule(
                cel = NO_REGEX + "!self.value.matches(r'\\){\\d*,?\\d{3}')",
                message = "must be a regular expression that repeats a group at most 99 times")
        boolean repeatsGroupsRarely() {
            return type != Type.RegularExpression || !MANY_GROUPS.matcher(value).find();
        }

        /** How paths are compared; the constants are spelled as in Gateway API. */
        public enum Type {
            /** Equal, or beginning with the value at a path-segment border. */
            PathPrefix,
            /** Equal, byte for byte. */
            Exact,
            /** The value is an expression in RE2 syntax that fits the whole path. */
            RegularExpression
        }
    }

    /**
     * @param mode what becomes of requests that do not upgrade
     * @param responseTimeout how long a backend may take until its response head; not for the body
     */
    public record PlainHttp(
            Mode mode, @Span(min = Span.ABOVE_ZERO) Duration responseTimeout) {

        /** Passed on, with a minute for the response head. */
        public static final PlainHttp DEFAULT = new PlainHttp(Mode.Proxy, Duration.ofSeconds(60));

        public PlainHttp {
            mode = Defaults.or(mode, Mode.Proxy);
            responseTimeout = Defaults.or(responseTimeout, Duration.ofSeconds(60));
        }

        /** What becomes of requests that do not upgrade. */
        public enum Mode {
            /** Passed on to the same backends. */
            Proxy,
            /** Answered 426 Upgrade Required. */
            Reject
        }
    }

    /**
     * @param type how an endpoint is chosen
     * @param slowStart over how long a new endpoint's share grows to the full; 0s where the type knows none
     * @param consistentHash what is hashed, given exactly where the type is ConsistentHash
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LoadBalancing(
            Type type,
            @Span(dependentDefault = true) Duration slowStart,
            @Nullable ConsistentHash consistentHash) {

        /** Two random choices, the one with fewer live connections wins; half a minute of slow start. */
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

        /** With all else at its default; not for ConsistentHash, which needs to be told what to hash. */
        public static LoadBalancing of(Type type) {
            return new LoadBalancing(
                    type, type == Type.LeastConnections ? Duration.ofSeconds(30) : Duration.ZERO, null);
        }

        /** How an endpoint is chosen. */
        public enum Type {
            /** Two random choices, the one with fewer live connections wins. */
            LeastConnections,
            /** One after another. */
            RoundRobin,
            /** Equal values of what is hashed go to the same endpoint, as long as it is there and not overloaded. */
            ConsistentHash
        }
    }

    /**
     * @param connect for the TCP connection to an endpoint
     * @param upgrade from the written request head to the backend's 101
     * @param idle a WebSocket without a byte in either direction for this long is closed; absent: never
     * @param writeStall a WebSocket whose reader takes no byte for this long while some wait is reset
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Timeouts(
            @Span(min = Span.ABOVE_ZERO) Duration connect,
            @Span(min = Span.ABOVE_ZERO) Duration upgrade,
            @Span(min = Span.ABOVE_ZERO) @Nullable Duration idle,
            @Span(min = Span.ABOVE_ZERO) Duration writeStall) {

        /** 5 s to connect, 15 s to upgrade, never idle, 60 s of write stall. */
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(15), null, Duration.ofSeconds(60));

        public Timeouts {
            connect = Defaults.or(connect, Duration.ofSeconds(5));
            upgrade = Defaults.or(upgrade, Duration.ofSeconds(15));
            writeStall = Defaults.or(writeStall, Duration.ofSeconds(60));
        }
    }

    /** @param over the window over which a leaving endpoint's connections are asked to go, evenly */
    public record BackendDrain(@Span Duration over) {

        /** 20 s. */
        public static final BackendDrain DEFAULT = new BackendDrain(Duration.ofSeconds(20));

        public BackendDrain {
            over = Defaults.or(over, Duration.ofSeconds(20));
        }
    }
}
