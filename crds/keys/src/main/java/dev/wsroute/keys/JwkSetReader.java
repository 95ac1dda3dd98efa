// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a JWK Set (RFC 7517 §5). */
final class JwkSetReader {

    /** Members of private and secret keys (RFC 7518 §6; the last one of post-quantum keys). */
    private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");

    /** Members that name or hold certificates. They are of no use here, and nothing may be fetched or verified by them. */
    private static final Set<String> CERTIFICATES = Set.of("x5u", "x5c", "x5t", "x5t#S256");

    /** SubjectPublicKeyInfo of an Ed25519 key up to the key (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0};

    private static final int ED25519_BYTES = 32;

    private JwkSetReader() {}

    static List<VerificationKey> read(String json) throws KeySetException {
        List<?> members = members(json);
        KeySet.checkNumber(members.size());
        List<VerificationKey> keys = new ArrayList<>();
        for (Object member : members) {
            Map<String, Object> object = object(member);
            if (!Collections.disjoint(object.keySet(), PRIVATE)) {
                throw KeySet.privateKey();
            }
            VerificationKey key = key(object);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static List<?> members(String json) throws KeySetException {
        Object members;
        try {
            // Its text begins with a brace, so it is not null.
            members = JSONObjectUtils.parse(json).get("keys");
        } catch (ParseException | RuntimeException e) {
            throw new KeySetException("The key set is not valid JSON", e);
        }
        if (members instanceof List<?> list) {
            return list;
        }
        throw new KeySetException("The key set has no list of keys: a JWK Set is {\"keys\": [...]}");
    }

    private static Map<String, Object> object(@Nullable Object member) throws KeySetException {
        if (!(member instanceof Map<?, ?> map)) {
            throw new KeySetException("The key set holds something that is not a key");
        }
        Map<String, Object> object = new HashMap<>();
        map.forEach((name, value) -> object.put(String.valueOf(name), value));
        return object;
    }

    /** Null if the key verifies no token. */
    private static @Nullable VerificationKey key(Map<String, Object> object) {
        object.keySet().removeAll(CERTIFICATES);
        try {
            JWK jwk = JWK.parse(object);
            PublicKey key = verifies(jwk) ? publicKey(jwk) : null;
            KeyKind kind = key == null ? null : KeyKind.of(key);
            Algorithm algorithm = jwk.getAlgorithm();
            return key == null || kind == null
                    ? null
                    : new VerificationKey(jwk.getKeyID(), kind, key, algorithm == null ? null : algorithm.getName());
        } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException e) {
            // Left out like a key of an unknown kind.
            return null;
        }
    }

    private static boolean verifies(JWK jwk) {
        KeyUse use = jwk.getKeyUse();
        Set<KeyOperation> operations = jwk.getKeyOperations();
        return (use == null || use.equals(KeyUse.SIGNATURE))
                && (operations == null || operations.contains(KeyOperation.VERIFY));
    }

    private static @Nullable PublicKey publicKey(JWK jwk) throws JOSEException, GeneralSecurityException {
        if (jwk instanceof RSAKey rsa) {
            return rsa.toRSAPublicKey();
        }
        if (jwk instanceof ECKey ec) {
            // Its constructor has checked that the point is on the curve.
            return ec.toECPublicKey();
        }
        return jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)
                ? ed25519(pair.getDecodedX())
                : null;
    }

    private static @Nullable PublicKey ed25519(byte[] point) throws GeneralSecurityException {
        if (point.length != ED25519_BYTES) {
            return null;
        }
        byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_BYTES];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
