package dev.wsroute.operator.compile;

import static dev.wsroute.operator.compile.ProxySettings.duration;

import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.Durations;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.BackendDrain;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.config.RuleConfig.MatchConfig;
import dev.wsroute.config.RuleConfig.PathMatch;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All of a rule but its backends. Enums of the two sides bear the same constants, which a test holds them to. */
final class RuleSettings {

    private RuleSettings() {}

    static RuleConfig of(RouteRule rule, List<BackendConfig> backends) {
        return new RuleConfig(
                rule.name(),
                Objects.requireNonNullElse(rule.matches(), List.<RouteRule.Match>of()).stream()
                        .map(match -> new MatchConfig(path(match.path())))
                        .toList(),
                backends,
                plainHttp(rule.plainHttp()),
                loadBalancing(rule.loadBalancing()),
                timeouts(rule.timeouts()),
                rule.connections() == null || rule.connections().connectRetries() == null
                        ? Integer.valueOf(RuleConfig.DEFAULT_CONNECT_RETRIES)
                        : rule.connections().connectRetries(),
                rule.drain() == null
                        ? BackendDrain.DEFAULT
                        : new BackendDrain(duration(rule.drain().over(), BackendDrain.DEFAULT.over())));
    }

    private static @Nullable PathMatch path(RouteRule.@Nullable PathMatch path) {
        if (path == null) {
            return null;
        }
        PathMatch.Type type = path.type() == null
                ? PathMatch.Type.PathPrefix
                : PathMatch.Type.valueOf(path.type().name());
        return new PathMatch(type, Objects.requireNonNullElse(path.value(), "/"));
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

    private static LoadBalancing loadBalancing(RouteRule.@Nullable LoadBalancing balancing) {
        return balancing == null || balancing.type() == null
                ? LoadBalancing.DEFAULT
                : new LoadBalancing(LoadBalancing.Type.valueOf(balancing.type().name()));
    }

    private static Timeouts timeouts(RouteRule.@Nullable Timeouts timeouts) {
        Timeouts defaults = Timeouts.DEFAULT;
        return timeouts == null
                ? defaults
                : new Timeouts(
                        duration(timeouts.connect(), defaults.connect()),
                        duration(timeouts.upgrade(), defaults.upgrade()),
                        timeouts.idle() == null ? null : Durations.parse(timeouts.idle()),
                        duration(timeouts.writeStall(), defaults.writeStall()));
    }
}
