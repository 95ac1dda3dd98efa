// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.metrics.BackendName;
import dev.wsroute.proxy.metrics.PrometheusMetrics;
import dev.wsroute.proxy.metrics.RefusedConfig;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts applied and refused configurations. */
public record ConfigCounts(PrometheusMetrics metrics) implements ConfigListener {

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        ConfigVersion version = parsed.config().version();
        metrics.configApplied(
                version == null ? 0 : version.generation(),
                parsed.ignoredFields().size(),
                parsed.config().routes().stream()
                        .flatMap(ConfigCounts::backends)
                        .collect(Collectors.toSet()));
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
        metrics.configRefused(
                switch (cause) {
                    case INVALID -> RefusedConfig.INVALID;
                    case LISTENER -> RefusedConfig.LISTENER;
                });
    }

    private static Stream<BackendName> backends(RouteConfig route) {
        return route.rules().stream()
                .flatMap(RuleConfig::withAuthorization)
                .flatMap(rule -> rule.backends().stream())
                .map(backend -> new BackendName(route.name(), backend.name()));
    }
}
