// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the tokens of a document need.
 *
 * @param keys the sources of keys of each provider
 * @param denied the deny list of each rule that has one
 */
record TokenNeeds(List<Keys> keys, List<Denied> denied) {

    static final TokenNeeds NONE = new TokenNeeds(List.of(), List.of());

    /** The sources of a provider. Routes of a file may have rules of the same name. */
    record Keys(Place place, List<KeySource> sources) {}

    /**
     * The deny list of a rule.
     *
     * @param route {@code namespace/name}
     */
    record Denied(String route, String rule, DenyListSource source) {
        Place place() {
            return Place.ofDenyList(rule);
        }
    }

    static TokenNeeds of(ProxyConfig config) {
        List<Keys> keys = new ArrayList<>();
        List<Denied> denied = new ArrayList<>();
        for (RouteConfig route : config.routes()) {
            for (RuleConfig rule : route.rules()) {
                AccessConfig access = rule.access();
                JwtRules jwt = access == null ? null : access.jwt();
                if (jwt != null) {
                    for (JwtProvider provider : jwt.providers()) {
                        keys.add(new Keys(Place.ofProvider(rule.name(), provider.name()), provider.keys()));
                    }
                    if (jwt.denyList() != null) {
                        denied.add(new Denied(route.name(), rule.name(), jwt.denyList()));
                    }
                }
            }
        }
        return new TokenNeeds(keys, denied);
    }

    /** Each list of sources is one set of keys. */
    Set<List<KeySource>> keySets() {
        return keys.stream().map(Keys::sources).collect(Collectors.toSet());
    }

    Set<KeySource> keySources() {
        return keys.stream().flatMap(each -> each.sources().stream()).collect(Collectors.toSet());
    }

    Set<DenyListSource> denyLists() {
        return denied.stream().map(Denied::source).collect(Collectors.toSet());
    }
}
