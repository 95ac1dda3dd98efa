package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.RouteMatch;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import dev.wsroute.config.RouteConfig.Paths;
import dev.wsroute.config.RuleConfig.MatchConfig;
import dev.wsroute.config.RuleConfig.PathMatch;
import dev.wsroute.config.Trailers;
import dev.wsroute.config.UrlRewrite;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compiles the matches of a rule, and its changes to requests and responses. */
final class RequestSettings {

    private RequestSettings() {}

    static Paths paths(WebSocketRouteSpec.@Nullable Paths paths) {
        return paths == null ? Paths.AsReceived : Paths.valueOf(paths.name());
    }

    static List<MatchConfig> matches(@Nullable List<RouteMatch> matches) {
        return orEmpty(matches).stream()
                .map(match -> new MatchConfig(
                        path(match.path()),
                        orEmpty(match.headers()).stream()
                                .map(header -> new NameValue(header.name(), header.value()))
                                .toList(),
                        orEmpty(match.queryParams()).stream()
                                .map(parameter -> new NameValue(parameter.name(), parameter.value()))
                                .toList(),
                        orEmpty(match.subprotocols())))
                .toList();
    }

    static @Nullable UrlRewrite rewrite(dev.wsroute.api.v1alpha1.@Nullable UrlRewrite rewrite) {
        if (rewrite == null) {
            return null;
        }
        String prefix = rewrite.path() == null ? null : rewrite.path().replacePrefixMatch();
        return new UrlRewrite(prefix, rewrite.hostname());
    }

    static @Nullable HeaderModifier modifier(dev.wsroute.api.v1alpha1.@Nullable HeaderModifier modifier) {
        return modifier == null
                ? null
                : new HeaderModifier(headers(modifier.set()), headers(modifier.add()), orEmpty(modifier.remove()));
    }

    static @Nullable Trailers trailers(dev.wsroute.api.v1alpha1.@Nullable Trailers trailers) {
        return trailers == null ? null : new Trailers(orEmpty(trailers.request()), orEmpty(trailers.response()));
    }

    private static List<NameValue> headers(@Nullable List<dev.wsroute.api.v1alpha1.HeaderModifier.Header> headers) {
        return orEmpty(headers).stream()
                .map(header -> new NameValue(header.name(), header.value()))
                .toList();
    }

    private static @Nullable PathMatch path(RouteMatch.@Nullable PathMatch path) {
        if (path == null) {
            return null;
        }
        PathMatch.Type type = path.type() == null
                ? PathMatch.Type.PathPrefix
                : PathMatch.Type.valueOf(path.type().name());
        return new PathMatch(type, Objects.requireNonNullElse(path.value(), "/"));
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return Objects.requireNonNullElse(list, List.of());
    }
}
