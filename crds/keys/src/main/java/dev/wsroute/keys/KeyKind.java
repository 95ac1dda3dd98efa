// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

import com.nimbusds.jose.jwk.Curve;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import org.jspecify.annotations.Nullable;

/** The kinds of public keys that verify tokens. All are asymmetric. */
public enum KeyKind {
    RSA,
    P256,
    P384,
    P521,
    ED25519;

    /** RFC 7518 §3.3. */
    private static final int SHORTEST_MODULUS = 2048;

    /** A verification takes four times as long with twice the length. */
    private static final int LONGEST_MODULUS = 8192;

    /** Bits. A verification takes longer with a longer one, and nobody generates longer ones. */
    private static final int LONGEST_EXPONENT = 33;

    private static final BigInteger SMALLEST_EXPONENT = BigInteger.valueOf(3);

    /** The kind of a key; null if it verifies no token, or is too weak to. */
    static @Nullable KeyKind of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return isStrong(rsa) ? RSA : null;
        }
        if (key instanceof ECPublicKey ec) {
            return of(Curve.forECParameterSpec(ec.getParams()));
        }
        return key instanceof EdECPublicKey edwards
                        && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())
                ? ED25519
                : null;
    }

    private static @Nullable KeyKind of(@Nullable Curve curve) {
        if (Curve.P_256.equals(curve)) {
            return P256;
        }
        if (Curve.P_384.equals(curve)) {
            return P384;
        }
        return Curve.P_521.equals(curve) ? P521 : null;
    }

    /** With an exponent of 1, anybody can sign. */
    private static boolean isStrong(RSAPublicKey key) {
        int length = key.getModulus().bitLength();
        BigInteger exponent = key.getPublicExponent();
        return length >= SHORTEST_MODULUS
                && length <= LONGEST_MODULUS
                && key.getModulus().testBit(0)
                && exponent.testBit(0)
                && exponent.compareTo(SMALLEST_EXPONENT) >= 0
                && exponent.bitLength() <= LONGEST_EXPONENT;
    }
}
