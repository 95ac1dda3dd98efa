// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
 * @param access who may connect; absent: everybody
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
        BackendDrain drain,
        @Nullable AccessConfig access) {

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

    @Rule(
            cel = "!has(self.sessionPersistence) || !has(self.loadBalancing) || !has(self.loadBalancing.rebalance)"
                    + " || !has(self.loadBalancing.rebalance.enabled) || !self.loadBalancing.rebalance.enabled",
            message = "must not have loadBalancing.rebalance.enabled with sessionPersistence, since clients would come"
                    + " back to the same endpoint")
    boolean movesNoSession() {
        return sessionPersistence == null || !loadBalancing.rebalances();
    }

    /** This rule with other backends. */
    public RuleConfig withBackends(List<BackendConfig> others) {
        return with(others, access);
    }

    /** This rule with other access rules. */
    public RuleConfig withAccess(@Nullable AccessConfig other) {
        return with(backends, other);
    }

    /** Not by a builder: what is forgotten here does not compile. */
    private RuleConfig with(List<BackendConfig> otherBackends, @Nullable AccessConfig otherAccess) {
        return new RuleConfig(
                name,
                matches,
                urlRewrite,
                requestHeaderModifier,
                responseHeaderModifier,
                trailers,
                otherBackends,
                plainHttp,
                loadBalancing,
                sessionPersistence,
                timeouts,
                connections,
                drain,
                otherAccess);
    }

    /**
     * The service that decides about its requests, as a rule of its own: {@code NAME/external}, which no request selects. Null for
     * none.
     */
    public @Nullable RuleConfig authorization() {
        ExternalAuthorization external = access == null ? null : access.external();
        return external == null
                ? null
                : named(name + "/external")
                        .backends(List.of(external.service()))
                        .timeouts(new Timeouts(external.timeout(), external.timeout(), null, external.timeout()))
                        .build();
    }

    /** This rule, and that of its authorization service. */
    public Stream<RuleConfig> withAuthorization() {
        RuleConfig asked = authorization();
        return asked == null ? Stream.of(this) : Stream.of(this, asked);
    }

    /** Starts to build a rule called {@code name} from the defaults. */
    public static RuleConfigBuilder named(String name) {
        return new RuleConfigBuilder(name);
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
     * @param rebalance whether endpoints with more than their share of connections close some; absent: they do not
     * @param topology which endpoints of a backend are preferred; absent: none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LoadBalancing(
            Type type,
            @Span(dependentDefault = true) Duration slowStart,
            @Nullable ConsistentHash consistentHash,
            @Nullable Rebalance rebalance,
            @Nullable Topology topology) {

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

        @Rule(
                cel = "!has(self.rebalance) || !has(self.rebalance.enabled) || !self.rebalance.enabled"
                        + " || !has(self.type) || self.type != 'ConsistentHash'",
                message =
                        "must not have rebalance.enabled with type ConsistentHash, since clients would come back to the"
                                + " same endpoint")
        boolean movesOnlyWhatGoesElsewhere() {
            return !rebalances() || type != Type.ConsistentHash;
        }

        @Rule(
                cel = "!has(self.topology) || !has(self.type) || self.type != 'ConsistentHash'",
                message =
                        "must not have topology with type ConsistentHash, since the endpoint of a value may be in any zone")
        boolean prefersWhatItMayChoose() {
            return topology == null || type != Type.ConsistentHash;
        }

        @Rule(
                cel = "!has(self.topology) || !has(self.rebalance) || !has(self.rebalance.enabled)"
                        + " || !self.rebalance.enabled",
                message =
                        "must not have topology with rebalance.enabled, since rebalancing knows no zones and would undo"
                                + " the preference")
        boolean prefersWhatItKeeps() {
            return topology == null || !rebalances();
        }

        /** Whether endpoints with more than their share close connections. */
        public boolean rebalances() {
            return rebalance != null && rebalance.enabled();
        }

        /** Without {@code topology}. */
        public LoadBalancing(
                Type type, Duration slowStart, @Nullable ConsistentHash consistentHash, @Nullable Rebalance rebalance) {
            this(type, slowStart, consistentHash, rebalance, null);
        }

        /** Without {@code rebalance} and {@code topology}. */
        public LoadBalancing(Type type, Duration slowStart, @Nullable ConsistentHash consistentHash) {
            this(type, slowStart, consistentHash, null);
        }

        /** With defaults for everything else; not for ConsistentHash, which needs to know what to hash. */
        public static LoadBalancing of(Type type) {
            return new LoadBalancing(
                    type, type == Type.LeastConnections ? Duration.ofSeconds(30) : Duration.ZERO, null);
        }

        /** Which endpoints of a backend are preferred. */
        public enum Topology {
            /** Those of the proxy's own zone, as long as they are not overloaded. */
            PreferSameZone
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
