// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.CredentialPlace;
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
        if (access == null) {
            return Stream.of();
        }
        Stream<String> ofTokens = Stream.ofNullable(access.jwt())
                .flatMap(jwt -> jwt.sources().stream())
                .filter(source -> source.type() == TokenSource.Type.QueryParam)
                .map(TokenSource::nameOrDefault);
        Stream<String> ofKeys = Stream.ofNullable(access.apiKeys())
                .flatMap(keys -> keys.places().stream())
                .filter(place -> place.type() == CredentialPlace.Type.QueryParam)
                .map(CredentialPlace::name);
        return Stream.concat(ofTokens, ofKeys);
    }
}
