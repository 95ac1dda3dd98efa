// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token as {@link #ISSUER} issues it for users of {@link #AUDIENCE}. Immutable.
 *
 * @param claims what it says
 */
public record Token(JWTClaimsSet claims) {

    public static final String ISSUER = "https://login.example.com";
    public static final String AUDIENCE = "chat";

    /** One that expires in an hour and permits to read and to chat. */
    public static Token of(String subject) {
        return new Token(new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(AUDIENCE)
                        .subject(subject)
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(new Date())
                        .claim("scope", "read chat")
                        .build())
                .expiring(Instant.now().plus(Duration.ofHours(1)));
    }

    /** The same with another value of a claim; null removes it. */
    public Token with(String claim, @Nullable Object value) {
        return new Token(new JWTClaimsSet.Builder(claims).claim(claim, value).build());
    }

    /** The same with another {@code exp}, in whole seconds. */
    public Token expiring(Instant at) {
        return with("exp", Date.from(at));
    }

    /** Its {@code jti}. */
    public String id() {
        return claims.getJWTID();
    }

    /** As clients send it. */
    public String signedBy(SigningKey key) {
        return key.sign(claims);
    }

    /** With which clients send it (RFC 6750 §2.1). */
    public Map<String, String> headers(SigningKey key) {
        return Map.of("Authorization", "Bearer " + signedBy(key));
    }
}
