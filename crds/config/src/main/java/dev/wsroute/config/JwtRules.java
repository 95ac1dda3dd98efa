// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens (JWT, RFC 7519) let a request pass.
 *
 * @param providers who may have issued the token; {@code iss} selects one
 * @param from where the token is looked for, in this order; empty: {@code Authorization: Bearer}
 * @param claims that the token must have, all of them
 * @param claimsToHeaders that the backend gets
 * @param forward whether the backend gets the token; those of a query or a subprotocol it never gets
 * @param denyList of revoked tokens; absent: none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JwtRules(
        @Distinct @NotEmpty("provider") List<JwtProvider> providers,

        List<TokenSource> from,
        List<ClaimRule> claims,
        List<ClaimHeader> claimsToHeaders,
        Boolean forward,

        @JsonPropertyDescription("Revoked tokens. Absent: none.") @Nullable DenyListSource denyList) {

    private static final List<TokenSource> DEFAULT_SOURCES = List.of(new TokenSource(TokenSource.Type.Header, null));

    public JwtRules {
        providers = Defaults.list(providers);
        from = Defaults.list(from);
        claims = Defaults.list(claims);
        claimsToHeaders = Defaults.list(claimsToHeaders);
        forward = Defaults.or(forward, Boolean.TRUE);
    }

    /** The same with other providers and another deny list. */
    public JwtRules with(List<JwtProvider> others, @Nullable DenyListSource denied) {
        return new JwtRules(others, from, claims, claimsToHeaders, forward, denied);
    }

    /** Where the token is looked for. */
    public List<TokenSource> sources() {
        return from.isEmpty() ? DEFAULT_SOURCES : from;
    }
}
