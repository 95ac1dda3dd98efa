// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.compile.JwksUri;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Hosts that the administrator names, with a port unless it is 443. Key sets may be fetched from them wherever they are. From
 * others they are fetched at public addresses and from port 443 only.
 */
public final class AllowedHosts {

    /** None. */
    public static final AllowedHosts NONE = new AllowedHosts(Set.of());

    private final Set<String> authorities;

    private AllowedHosts(Set<String> authorities) {
        this.authorities = authorities;
    }

    /**
     * @param names such as {@code idp.internal} or {@code keycloak.sso.svc:8443}
     * @throws IllegalArgumentException with the first that is none
     */
    public static AllowedHosts of(Collection<String> names) {
        Set<String> authorities = new HashSet<>();
        for (String name : names) {
            Optional<JwksUri> uri = JwksUri.of("https://" + name);
            if (uri.isEmpty() || name.contains("/") || name.contains("?")) {
                throw new IllegalArgumentException(name);
            }
            authorities.add(uri.get().authority());
        }
        return new AllowedHosts(Set.copyOf(authorities));
    }

    boolean contain(JwksUri uri) {
        return authorities.contains(uri.authority());
    }
}
