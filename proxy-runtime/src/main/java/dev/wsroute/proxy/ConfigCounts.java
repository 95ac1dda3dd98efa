package dev.wsroute.proxy;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.metrics.PrometheusMetrics;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of configurations. */
record ConfigCounts(PrometheusMetrics metrics) implements ConfigListener {

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        ConfigVersion version = parsed.config().version();
        metrics.configApplied(
                version == null ? 0 : version.generation(),
                parsed.ignoredFields().size(),
                parsed.config().routes().stream().map(RouteConfig::name).collect(Collectors.toSet()));
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
        metrics.configRefused();
    }
}
