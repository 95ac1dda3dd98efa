// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who issues tokens, and how they are verified.
 *
 * @param name unique in its rule
 * @param issuer {@code iss} of its tokens; absent: any, and none
 * @param audiences one of them must be in {@code aud}; empty: any, and none
 * @param algorithms that it signs with
 * @param clockSkew how far its clock may be wrong
 * @param requireExpiry whether a token without {@code exp} is refused
 * @param keys where its public keys are; together they are its key set
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JwtProvider(
        @Text(max = 63, form = TextForm.OBJECT_NAME) @JsonProperty(required = true)
        String name,

        @Text(max = 1024) @Nullable String issuer,
        @Text(max = 1024) List<String> audiences,
        @NotEmpty("algorithm") List<JwtAlgorithm> algorithms,
        @Span(max = "1h") Duration clockSkew,
        Boolean requireExpiry,

        @JsonPropertyDescription("Where the public keys are, at least one: JWK Sets or PEM.")
        List<KeySource> keys) {

    public JwtProvider {
        audiences = Defaults.list(audiences);
        algorithms = Defaults.list(algorithms);
        clockSkew = Defaults.or(clockSkew, Duration.ofSeconds(30));
        requireExpiry = Defaults.or(requireExpiry, Boolean.FALSE);
        keys = Defaults.list(keys);
    }

    /** The same with other sources of keys. */
    public JwtProvider withKeys(List<KeySource> others) {
        return new JwtProvider(name, issuer, audiences, algorithms, clockSkew, requireExpiry, others);
    }
}
