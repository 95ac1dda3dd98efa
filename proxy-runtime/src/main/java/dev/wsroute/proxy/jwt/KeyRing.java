// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.keys.KeySet;
import dev.wsroute.keys.VerificationKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a provider, of all its sources, ready for use. Immutable. */
final class KeyRing {

    /** How many keys are tried for one token: each costs a verification, and a token need not name its key. */
    static final int MAX_TRIES = 16;

    /** No keys. */
    static final KeyRing EMPTY = new KeyRing(List.of(), List.of());

    private final List<KeySet> sets;
    private final List<Ready> keys;

    private record Ready(VerificationKey key, JWSVerifier verifier) {}

    private KeyRing(List<KeySet> sets, List<Ready> keys) {
        this.sets = sets;
        this.keys = keys;
    }

    /** Keys in the order of the sets. */
    static KeyRing of(List<KeySet> sets) {
        List<Ready> keys = new ArrayList<>();
        for (KeySet set : sets) {
            for (VerificationKey key : set.keys()) {
                JWSVerifier verifier = verifier(key);
                if (verifier != null) {
                    keys.add(new Ready(key, verifier));
                }
            }
        }
        return new KeyRing(List.copyOf(sets), List.copyOf(keys));
    }

    /** Null if the library has no use for the key. */
    private static @Nullable JWSVerifier verifier(VerificationKey key) {
        try {
            return switch (key.kind()) {
                case RSA -> new RSASSAVerifier((RSAPublicKey) key.key());
                case P256, P384, P521 -> new ECDSAVerifier((ECPublicKey) key.key());
                case ED25519 -> new Ed25519Verifier(key.key());
            };
        } catch (JOSEException e) {
            return null;
        }
    }

    /** Whether it was made of these sets. */
    boolean isOf(List<KeySet> others) {
        return sets.equals(others);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether a key has this {@code kid}. */
    boolean knows(String id) {
        return keys.stream().anyMatch(each -> id.equals(each.key().id()));
    }

    /**
     * The keys that may have signed a token, at most {@value #MAX_TRIES}: they fit its algorithm, and its {@code kid} unless one of
     * the two has none. Those of the same {@code kid} come first.
     */
    List<JWSVerifier> candidates(JwtAlgorithm algorithm, @Nullable String id) {
        List<JWSVerifier> named = new ArrayList<>();
        List<JWSVerifier> nameless = new ArrayList<>();
        for (Ready each : keys) {
            String only = each.key().algorithm();
            if (each.key().kind() == Algorithms.kind(algorithm) && (only == null || only.equals(algorithm.name()))) {
                String keyId = each.key().id();
                if (id != null && id.equals(keyId)) {
                    named.add(each.verifier());
                } else if (id == null || keyId == null) {
                    nameless.add(each.verifier());
                }
            }
        }
        named.addAll(nameless);
        return named.size() <= MAX_TRIES ? named : named.subList(0, MAX_TRIES);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof KeyRing that && sets.equals(that.sets));
    }

    @Override
    public int hashCode() {
        return sets.hashCode();
    }

    @Override
    public String toString() {
        return keys.size() + " public key(s)";
    }
}
