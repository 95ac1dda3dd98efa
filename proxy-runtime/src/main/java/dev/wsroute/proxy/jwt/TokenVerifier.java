// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.proxy.jwt.VerifiedTokens.Verified;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies tokens of the providers of a rule, in two parts: the quick one, and the signature. Thread-safe. */
final class TokenVerifier {

    private final List<ProviderVerifier> providers;
    private final VerifiedTokens known;
    /** What verification depends on besides the token and the keys. */
    private final byte[] scope;

    /** @param known shared by all rules */
    TokenVerifier(JwtRules rules, List<ProviderVerifier> providers, VerifiedTokens known) {
        this.providers = providers;
        this.known = known;
        this.scope = VerifiedTokens.hash(rules.providers().toString());
    }

    /**
     * A token whose claims are acceptable, and whose signature is not verified yet. While it waits it is text, which is bounded: what
     * JSON becomes in memory can be thirty times as large.
     *
     * @param attempts at least one
     */
    record Pending(String text, List<Attempt> attempts) {

        /** Without the token. */
        @Override
        public String toString() {
            return attempts.toString();
        }
    }

    /**
     * A provider that may have issued it.
     *
     * @param ring the keys to verify it with
     */
    record Attempt(ProviderVerifier provider, KeyRing ring) {}

    /** What a token is remembered as. */
    ByteBuffer key(String token) {
        return VerifiedTokens.key(scope, token);
    }

    /**
     * A token that was verified before; null if it has to be verified.
     *
     * @throws TokenException if its time is over
     */
    @Nullable Verified recognise(ByteBuffer key) throws TokenException {
        Verified verified = known.find(key);
        if (verified == null) {
            return null;
        }
        for (ProviderVerifier provider : providers) {
            if (provider.config().name().equals(verified.provider())) {
                if (provider.keys().equals(verified.ring())) {
                    provider.checkTimes(verified.claims());
                    return verified;
                }
                // Perhaps with a key that is withdrawn.
                known.remove(key);
            }
        }
        return null;
    }

    /** How far the clock of whoever issued a token may be wrong. */
    Duration clockSkew(Verified token) {
        return provider(token).map(JwtProvider::clockSkew).orElse(Duration.ZERO);
    }

    /**
     * Who issued a token, told apart from everybody else. A provider without an issuer accepts tokens of any, also of one that only other
     * rules trust, so its own name is part of it.
     */
    String issuer(Verified token) {
        String known = provider(token).map(JwtProvider::issuer).orElse(null);
        if (known != null) {
            return known;
        }
        String claimed = token.claims().issuer();
        return "provider " + token.provider() + (claimed == null ? "" : " " + claimed);
    }

    private Optional<JwtProvider> provider(Verified token) {
        return providers.stream()
                .map(ProviderVerifier::config)
                .filter(provider -> provider.name().equals(token.provider()))
                .findFirst();
    }

    /**
     * Checks all that costs little.
     *
     * @throws TokenException if the token is not accepted
     */
    Pending read(String text) throws TokenException {
        UnverifiedToken token = UnverifiedToken.parse(text);
        List<Attempt> attempts = new ArrayList<>();
        TokenException first = null;
        for (ProviderVerifier provider : issuers(token.claims())) {
            KeyRing ring = provider.keys();
            try {
                provider.checkClaims(token, ring);
                attempts.add(new Attempt(provider, ring));
            } catch (TokenException e) {
                first = first == null ? e : first;
            }
        }
        if (attempts.isEmpty()) {
            throw first == null ? new TokenException("The token is of an unknown issuer") : first;
        }
        return new Pending(text, attempts);
    }

    /** The providers with the token's issuer; if there are none, those that do not name an issuer. */
    private List<ProviderVerifier> issuers(Claims claims) {
        List<ProviderVerifier> named = new ArrayList<>();
        List<ProviderVerifier> others = new ArrayList<>();
        for (ProviderVerifier provider : providers) {
            if (provider.issues(claims)) {
                (provider.config().issuer() == null ? others : named).add(provider);
            }
        }
        return named.isEmpty() ? others : named;
    }

    /**
     * Verifies the signature, and remembers the token. Takes long.
     *
     * @throws TokenException if no provider has signed it
     */
    Verified verify(Pending pending, ByteBuffer key) throws TokenException {
        UnverifiedToken token = UnverifiedToken.parse(pending.text());
        TokenException first = null;
        for (Attempt attempt : pending.attempts()) {
            try {
                attempt.provider().checkSignature(token, attempt.ring());
                Verified verified =
                        new Verified(token.claims(), attempt.provider().config().name(), attempt.ring());
                known.put(key, verified);
                return verified;
            } catch (TokenException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new TokenException("The token is of an unknown issuer") : first;
    }
}
