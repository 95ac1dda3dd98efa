// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.wsroute.testkit.Secrets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A key on P-256 with which a provider signs tokens, by ES256. */
public final class SigningKey {

    private final ECKey key;

    private SigningKey(ECKey key) {
        this.key = key;
    }

    /** A new key with this {@code kid}. */
    public static SigningKey named(String kid) {
        try {
            return new SigningKey(new ECKeyGenerator(Curve.P_256).keyID(kid).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public halves of these keys as a JWK Set (RFC 7517 §5), in the form in which the operator publishes it. */
    public static String set(SigningKey... keys) {
        return Arrays.stream(keys)
                .map(SigningKey::publicHalf)
                .sorted()
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private String publicHalf() {
        return "{\"kty\":\"EC\",\"kid\":\"%s\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(key.getKeyID(), key.getX(), key.getY());
    }

    /** A token (RFC 7519) with these claims. */
    public String sign(JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        Secrets.noted("signature of a token", token.getSignature().toString());
        return token.serialize();
    }
}
