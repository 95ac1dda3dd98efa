// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import dev.wsroute.config.JwtProvider;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Verifies the tokens of one provider. Thread-safe. */
final class ProviderVerifier {

    private final JwtProvider config;
    private final Supplier<KeyRing> keys;
    private final InstantSource clock;
    private final UnknownKeys unknownKeys;

    /**
     * @param keys the newest good ones; called from all threads
     * @param unknownKeys is told if a token names a key that is none of them
     */
    ProviderVerifier(JwtProvider config, Supplier<KeyRing> keys, InstantSource clock, UnknownKeys unknownKeys) {
        this.config = config;
        this.keys = keys;
        this.clock = clock;
        this.unknownKeys = unknownKeys;
    }

    JwtProvider config() {
        return config;
    }

    /** The keys in force. */
    KeyRing keys() {
        return keys.get();
    }

    /** Whether it may have issued a token with these claims. */
    boolean issues(Claims claims) {
        return config.issuer() == null || config.issuer().equals(claims.issuer());
    }

    /**
     * Checks all that costs little: what the claims say, and that there is a key.
     *
     * @throws TokenException if the token is not accepted
     */
    void checkClaims(UnverifiedToken token, KeyRing ring) throws TokenException {
        if (!config.algorithms().contains(token.algorithm())) {
            throw new TokenException("The token is signed with an algorithm that its provider does not use");
        }
        if (!config.audiences().isEmpty() && Collections.disjoint(token.claims().audience(), config.audiences())) {
            throw new TokenException("The token is for another audience");
        }
        checkTimes(token.claims());
        if (ring.isEmpty()) {
            throw new TokenException(TokenException.Cause.NO_KEYS, "No key of the token's provider is in force");
        }
    }

    /** @throws TokenException if the token is not valid at this time */
    void checkTimes(Claims claims) throws TokenException {
        long now = clock.millis();
        long skew = config.clockSkew().toMillis();
        Long expiresAt = claims.expiresAt();
        if (expiresAt == null && config.requireExpiry()) {
            throw new TokenException("The token never expires");
        }
        if (expiresAt != null && now >= expiresAt + skew) {
            throw new TokenException(TokenException.Cause.EXPIRED, "The token has expired");
        }
        if (isLater(claims.notBefore(), now + skew)) {
            throw new TokenException("The token is not valid yet");
        }
        if (isLater(claims.issuedAt(), now + skew)) {
            throw new TokenException("The token was issued in the future");
        }
    }

    private static boolean isLater(@Nullable Long time, long than) {
        return time != null && time > than;
    }

    /**
     * Verifies the signature, which takes long.
     *
     * @throws TokenException if none of the keys has made it
     */
    void checkSignature(UnverifiedToken token, KeyRing ring) throws TokenException {
        List<JWSVerifier> candidates = ring.candidates(token.algorithm(), token.keyId());
        JWSHeader header = new JWSHeader(Algorithms.jose(token.algorithm()));
        byte[] signed = token.signed().getBytes(StandardCharsets.US_ASCII);
        for (JWSVerifier candidate : candidates) {
            if (verifies(candidate, header, signed, token)) {
                return;
            }
        }
        if (token.keyId() != null && !ring.knows(token.keyId())) {
            unknownKeys.saw(config);
        }
        throw new TokenException(
                candidates.isEmpty() ? "The token is signed with an unknown key" : "The token's signature is wrong");
    }

    private static boolean verifies(JWSVerifier candidate, JWSHeader header, byte[] signed, UnverifiedToken token) {
        try {
            return candidate.verify(header, signed, token.signature());
        } catch (JOSEException | RuntimeException e) {
            // Of a form that the algorithm does not have.
            return false;
        }
    }
}
