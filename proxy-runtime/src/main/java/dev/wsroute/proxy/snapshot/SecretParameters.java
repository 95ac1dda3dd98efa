// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.TokenSource;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the query parameters in which rules expect credentials. */
final class SecretParameters {

    private SecretParameters() {}

    static Set<String> of(ProxyConfig config) {
        return config.routes().stream()
                .flatMap(route -> route.rules().stream())
                .flatMap(rule -> ofRule(rule.access()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> ofRule(@Nullable AccessConfig access) {
        JwtRules jwt = access == null ? null : access.jwt();
        return jwt == null
                ? Stream.of()
                : jwt.sources().stream()
                        .filter(source -> source.type() == TokenSource.Type.QueryParam)
                        .map(TokenSource::nameOrDefault);
    }
}
