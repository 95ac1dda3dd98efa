// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.AccessSpec;
import dev.wsroute.api.v1alpha1.JwksSpec;
import dev.wsroute.api.v1alpha1.JwtSpec;
import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.config.RuleConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds the Secrets and ConfigMaps with the keys of tokens, and with revoked tokens, that a rule refers to. The operator does not
 * read them: the proxies do, and report what is wrong with them.
 */
final class TokenObjects {

    /** Fields of {@code jwt} that the document does not have. */
    static final String DENY_LIST = "denyListRef";

    /** As above, of its providers. */
    static final Set<String> OF_PROVIDERS = Set.of("keyRefs", "jwks");

    private TokenObjects() {}

    /**
     * @param rule as read from {@code spec}, without these objects
     * @param namespace of the route
     * @param fetched gets the key sets that the operator fetches
     */
    static RuleConfig added(RuleConfig rule, @Nullable AccessSpec spec, String namespace, FetchedKeySets fetched) {
        AccessConfig access = rule.access();
        JwtRules rules = access == null ? null : access.jwt();
        JwtSpec jwt = spec == null ? null : spec.jwt();
        if (access == null || rules == null || jwt == null) {
            return rule;
        }
        List<JwtProvider> providers = new ArrayList<>();
        for (int i = 0; i < jwt.providers().size(); i++) {
            JwtSpec.ProviderSpec provider = jwt.providers().get(i);
            JwksSpec jwks = provider.jwks();
            List<KeySource> keys = jwks == null
                    ? keys(provider.keyRefs(), namespace)
                    : List.of(fetched.add(rule.name(), provider.name(), jwks));
            providers.add(rules.providers().get(i).withKeys(keys));
        }
        JwtSpec.DenyListRef denied = jwt.denyListRef();
        return rule.withAccess(access.withJwt(rules.with(
                providers, denied == null ? null : new DenyListSource(new ObjectRef(namespace, denied.name()), null))));
    }

    private static List<KeySource> keys(@Nullable List<JwtSpec.KeyRef> refs, String namespace) {
        return refs == null
                ? List.of()
                : refs.stream()
                        .map(ref -> {
                            ObjectRef object = new ObjectRef(namespace, ref.name());
                            boolean secret = ref.kind() == JwtSpec.KeyRef.Kind.Secret;
                            return new KeySource(
                                    secret ? null : object,
                                    secret ? object : null,
                                    null,
                                    Objects.requireNonNullElse(ref.key(), KeySource.DATA_KEY));
                        })
                        .toList();
    }
}
