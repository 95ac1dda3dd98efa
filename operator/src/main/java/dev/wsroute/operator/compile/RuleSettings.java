package dev.wsroute.operator.compile;

import static dev.wsroute.operator.compile.ProxySettings.duration;

import dev.wsroute.api.v1alpha1.Connections;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.ConsistentHash;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.BackendDrain;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.config.SessionPersistence;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a rule; {@link RequestSettings} compiles its matches and changes. The enums of the API and of the document have the
 * same constants, which a test checks.
 */
final class RuleSettings {

    private RuleSettings() {}

    static RuleConfig of(RouteRule rule, List<BackendConfig> backends) {
        Connections connections = rule.connections();
        Integer retries = connections == null ? null : connections.connectRetries();
        return RuleConfig.named(rule.name())
                .matches(RequestSettings.matches(rule.matches()))
                .urlRewrite(RequestSettings.rewrite(rule.urlRewrite()))
                .requestHeaders(RequestSettings.modifier(rule.requestHeaderModifier()))
                .responseHeaders(RequestSettings.modifier(rule.responseHeaderModifier()))
                .trailers(RequestSettings.trailers(rule.trailers()))
                .backends(backends)
                .plainHttp(plainHttp(rule.plainHttp()))
                .loadBalancing(loadBalancing(rule.loadBalancing()))
                .sessionPersistence(session(rule.sessionPersistence()))
                .timeouts(timeouts(rule.timeouts()))
                .connections(connections(connections))
                .connectRetries(retries == null ? RuleConfig.DEFAULT_CONNECT_RETRIES : retries)
                .drain(
                        rule.drain() == null
                                ? BackendDrain.DEFAULT
                                : new BackendDrain(duration(rule.drain().over(), BackendDrain.DEFAULT.over())))
                .build();
    }

    private static PlainHttp plainHttp(RouteRule.@Nullable PlainHttp plain) {
        PlainHttp defaults = PlainHttp.DEFAULT;
        return plain == null
                ? defaults
                : new PlainHttp(
                        plain.mode() == null
                                ? defaults.mode()
                                : PlainHttp.Mode.valueOf(plain.mode().name()),
                        duration(plain.responseTimeout(), defaults.responseTimeout()));
    }

    private static LoadBalancing loadBalancing(dev.wsroute.api.v1alpha1.@Nullable LoadBalancing balancing) {
        if (balancing == null) {
            return LoadBalancing.DEFAULT;
        }
        LoadBalancing defaults = LoadBalancing.of(
                balancing.type() == null
                        ? LoadBalancing.DEFAULT.type()
                        : LoadBalancing.Type.valueOf(balancing.type().name()));
        var hash = balancing.consistentHash();
        return new LoadBalancing(
                defaults.type(),
                duration(balancing.slowStart(), defaults.slowStart()),
                hash == null
                        ? null
                        : new ConsistentHash(
                                ConsistentHash.Type.valueOf(hash.type().name()), hash.name()));
    }

    private static @Nullable SessionPersistence session(dev.wsroute.api.v1alpha1.@Nullable SessionPersistence session) {
        return session == null
                ? null
                : new SessionPersistence(
                        Objects.requireNonNullElse(session.sessionName(), SessionPersistence.DEFAULT_COOKIE_NAME),
                        duration(session.absoluteTimeout()),
                        session.sameSite() == null
                                ? SessionPersistence.SameSite.Lax
                                : SessionPersistence.SameSite.valueOf(
                                        session.sameSite().name()),
                        session.secure() == null
                                ? SessionPersistence.Secure.WhenTLS
                                : SessionPersistence.Secure.valueOf(
                                        session.secure().name()));
    }

    private static ConnectionRules connections(@Nullable Connections connections) {
        return connections == null
                ? ConnectionRules.DEFAULT
                : new ConnectionRules(
                        connections.maxMessageBytes(),
                        duration(connections.maxAge()),
                        Objects.requireNonNullElse(
                                connections.maxAgeJitterPercent(), ConnectionRules.DEFAULT.maxAgeJitterPercent()),
                        connections.ping() == null
                                ? null
                                : duration(connections.ping().interval()));
    }

    private static Timeouts timeouts(RouteRule.@Nullable Timeouts timeouts) {
        Timeouts defaults = Timeouts.DEFAULT;
        return timeouts == null
                ? defaults
                : new Timeouts(
                        duration(timeouts.connect(), defaults.connect()),
                        duration(timeouts.upgrade(), defaults.upgrade()),
                        duration(timeouts.idle()),
                        duration(timeouts.writeStall(), defaults.writeStall()));
    }
}
