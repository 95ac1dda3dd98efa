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
 * @param onExpiry what happens to an open WebSocket when its token expires
 * @param closeCode the close code that it gets then: 1008, or 4000 to 4999
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JwtRules(
        @Distinct @NotEmpty("provider") List<JwtProvider> providers,

        List<TokenSource> from,
        List<ClaimRule> claims,
        List<ClaimHeader> claimsToHeaders,
        Boolean forward,

        @JsonPropertyDescription("Revoked tokens. Absent: none.") @Nullable DenyListSource denyList,

        OnExpiry onExpiry,
        @Range(min = JwtRules.POLICY_VIOLATION, max = 4999) Integer closeCode) {

    /** Policy violation (RFC 6455 §7.4.1). */
    static final int POLICY_VIOLATION = 1008;

    private static final int FIRST_PRIVATE_CODE = 4000;

    private static final List<TokenSource> DEFAULT_SOURCES = List.of(new TokenSource(TokenSource.Type.Header, null));

    public JwtRules {
        providers = Defaults.list(providers);
        from = Defaults.list(from);
        claims = Defaults.list(claims);
        claimsToHeaders = Defaults.list(claimsToHeaders);
        forward = Defaults.or(forward, Boolean.TRUE);
        onExpiry = Defaults.or(onExpiry, OnExpiry.Close);
        closeCode = Defaults.or(closeCode, POLICY_VIOLATION);
    }

    /** Closes WebSockets with 1008 when their tokens expire. */
    public JwtRules(
            List<JwtProvider> providers,
            List<TokenSource> from,
            List<ClaimRule> claims,
            List<ClaimHeader> claimsToHeaders,
            Boolean forward,
            @Nullable DenyListSource denyList) {
        this(providers, from, claims, claimsToHeaders, forward, denyList, OnExpiry.Close, POLICY_VIOLATION);
    }

    /** What happens to an open WebSocket when its token expires. */
    public enum OnExpiry {
        /** It is closed. */
        Close,
        /** It stays. */
        Ignore
    }

    @Rule(
            cel = "!has(self.closeCode) || self.closeCode == 1008 || self.closeCode >= 4000",
            message = "must have 1008 or 4000 to 4999 as closeCode")
    boolean hasPossibleCloseCode() {
        return closeCode == POLICY_VIOLATION || closeCode >= FIRST_PRIVATE_CODE;
    }

    /** The same with other providers and another deny list. */
    public JwtRules with(List<JwtProvider> others, @Nullable DenyListSource denied) {
        return new JwtRules(others, from, claims, claimsToHeaders, forward, denied, onExpiry, closeCode);
    }

    /** Where the token is looked for. */
    public List<TokenSource> sources() {
        return from.isEmpty() ? DEFAULT_SOURCES : from;
    }
}
