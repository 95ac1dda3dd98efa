// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtRules.OnExpiry;
import dev.wsroute.config.TokenSource;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens (JWT) that requests must carry. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JwtSpec(
        @JsonPropertyDescription(
                "Who may have issued the token. The token's claim iss selects the provider before anything is verified.")
        @Required
        @Size(min = 1, max = 8) List<ProviderSpec> providers,

        @JsonPropertyDescription(
                "Where the token is looked for, in this order. Absent: in Authorization, after Bearer.")
        @Size(max = 8) @Nullable List<SourceSpec> from,

        @JsonPropertyDescription("Claims that the token must have, all of them. 403 otherwise.")
        @Size(max = 16) @Nullable List<ClaimSpec> claims,

        @JsonPropertyDescription(
                "Claims that the backend gets as headers. The client's headers of these names are dropped, also if the token has "
                        + "no such claim. A claim that cannot be the value of a header is left out.")
        @Size(max = 16) @Nullable List<ClaimHeaderSpec> claimsToHeaders,

        @JsonPropertyDescription(
                "Whether the backend gets the token in its header or cookie. Tokens of a query or a subprotocol it never gets.")
        @Nullable Boolean forward,

        @JsonPropertyDescription("ConfigMap with revoked tokens. Absent: none.") @Nullable DenyListRef denyListRef,

        @JsonPropertyDescription(
                "What happens to an open WebSocket when its token expires, clockSkew included. Close: it is "
                        + "closed, at most a minute earlier, so that many that expire together are not closed together. Ignore: it stays.")
        @Nullable OnExpiry onExpiry,

        @JsonPropertyDescription("Close code of a WebSocket whose token expires: 1008, or 4000 to 4999.") @Nullable Integer closeCode) {

    /** Who issues tokens, and how they are verified. */
    @ValidationRule(value = FieldRules.KEYS_RULE, message = FieldRules.KEYS_MESSAGE)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProviderSpec(
            @JsonPropertyDescription("Name of the provider, unique in its rule.") @Required
            String name,

            @JsonPropertyDescription(
                    "The claim iss of its tokens. Absent: tokens without iss, or with one that no other provider of the rule names.")
            @Nullable String issuer,

            @JsonPropertyDescription("The claim aud must contain one of these. Absent: aud is not checked.")
            @Size(max = 16) @Nullable List<String> audiences,

            @JsonPropertyDescription(
                    "Algorithms that it signs with. Tokens that are signed with another one are refused.")
            @Required
            @Size(min = 1, max = 10) List<JwtAlgorithm> algorithms,

            @JsonPropertyDescription("How far the clock of the issuer may differ from that of the proxy.") @Nullable String clockSkew,

            @JsonPropertyDescription("Whether a token without the claim exp, which never expires, is refused.")
            @Nullable Boolean requireExpiry,

            @JsonPropertyDescription(
                    "Secrets and ConfigMaps with the public keys that verify its tokens, as a JWK Set or in PEM. Changes are in "
                            + "force at once. Set either this or jwks.")
            @Size(min = 1, max = 16) @Nullable List<KeyRef> keyRefs,

            @JsonPropertyDescription(
                    "A URI from which the operator fetches the public keys. Set either this or keyRefs.")
            @Nullable JwksSpec jwks) {}

    /** A Secret or ConfigMap with public keys. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KeyRef(
            @JsonPropertyDescription("Kind of the object.") @Default("ConfigMap") @Nullable Kind kind,

            @JsonPropertyDescription("Name of the object in the route's namespace.") @Required
            String name,

            @JsonPropertyDescription("Key in the object's data under which the public keys are.")
            @Default("jwks.json")
            @Nullable String key) {

        /** Kinds of objects that hold public keys. */
        public enum Kind {
            ConfigMap,
            Secret
        }
    }

    /** Where a token is looked for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SourceSpec(
            @JsonPropertyDescription(
                    "Header: a header. Cookie: a cookie. QueryParam: a parameter of the query. Subprotocol: "
                            + "Sec-WebSocket-Protocol with 'bearer, TOKEN' or 'base64url.bearer.authorization.k8s.io.TOKEN'.")
            @Required
            TokenSource.Type type,

            @JsonPropertyDescription(
                    "Name of the header, cookie or parameter. Absent: Authorization for a header, in which the token follows Bearer, "
                            + "and access_token for a parameter.")
            @Nullable String name) {}

    /** What a claim must be. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ClaimSpec(
            @JsonPropertyDescription("Name of the claim.") @Required
            String name,

            @JsonPropertyDescription("Text that the claim is; a number or boolean as JSON writes it.") @Nullable String equals,

            @JsonPropertyDescription(
                    "An item of the claim, which is a list, or text with blanks between its items such as scope.")
            @Nullable String contains) {}

    /** A claim that the backend gets as a header. */
    public record ClaimHeaderSpec(
            @JsonPropertyDescription("Name of the claim. A list becomes text with commas.") @Required
            String claim,

            @JsonPropertyDescription("Name of the header.") @Required
            String header) {}

    /** A ConfigMap with revoked tokens. */
    public record DenyListRef(
            @JsonPropertyDescription(
                    "Name of a ConfigMap in the route's namespace. Its key deny.list holds one revoked token a line, 'jti ID' or "
                            + "'sub SUBJECT'. Changes are in force at once.")
            @Required
            String name) {}
}
