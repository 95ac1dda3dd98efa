// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.keys.KeySet;
import dev.wsroute.keys.KeySetException;
import dev.wsroute.testkit.Secrets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Signs tokens as an issuer does. */
public final class Tokens {

    private Tokens() {}

    /** New keys for an algorithm. */
    public static KeyPair keys(JwtAlgorithm algorithm) throws GeneralSecurityException {
        String kind =
                switch (algorithm) {
                    case ES256, ES384, ES512 -> "EC";
                    case EdDSA -> "Ed25519";
                    default -> "RSA";
                };
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("EC")) {
            int bits =
                    switch (algorithm) {
                        case ES256 -> 256;
                        case ES384 -> 384;
                        default -> 521;
                    };
            generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
        }
        return generator.generateKeyPair();
    }

    /** A key set in PEM. */
    public static String pem(KeyPair... pairs) {
        StringBuilder pem = new StringBuilder();
        for (KeyPair pair : pairs) {
            pem.append("-----BEGIN PUBLIC KEY-----\n")
                    .append(Base64.getMimeEncoder()
                            .encodeToString(pair.getPublic().getEncoded()))
                    .append("\n-----END PUBLIC KEY-----\n");
        }
        return pem.toString();
    }

    /** Keys without {@code kid}. */
    static KeyRing ring(KeyPair... pairs) throws KeySetException {
        return KeyRing.of(List.of(KeySet.parse(pem(pairs).getBytes(UTF_8))));
    }

    /** A token. */
    public static String sign(JwtAlgorithm algorithm, PrivateKey key, String claims) throws Exception {
        return sign("{\"alg\":\"" + algorithm + "\"}", claims, algorithm, key);
    }

    /** A token with this header, whatever it says. */
    public static String sign(String header, String claims, JwtAlgorithm algorithm, PrivateKey key) throws Exception {
        String signed = encoded(header) + "." + encoded(claims);
        return signed + "."
                + Secrets.noted(
                        "signature of a token",
                        signature(algorithm, key, signed).toString());
    }

    /** Of UTF-8. */
    public static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static Base64URL signature(JwtAlgorithm algorithm, PrivateKey key, String signed) throws Exception {
        if (algorithm == JwtAlgorithm.EdDSA) {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(signed.getBytes(UTF_8));
            return Base64URL.encode(signer.sign());
        }
        JWSSigner signer = key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
        return signer.sign(new JWSHeader(JWSAlgorithm.parse(algorithm.name())), signed.getBytes(UTF_8));
    }

    /** A token as the library makes it. */
    static String ofLibrary(JwtAlgorithm algorithm, PrivateKey key, String claims) throws Exception {
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.parse(algorithm.name())), new Payload(claims));
        token.sign(key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key));
        Secrets.noted("signature of a token", token.getSignature().toString());
        return token.serialize();
    }

    /** A provider that signs with these algorithms. */
    static JwtProvider provider(JwtAlgorithm... algorithms) {
        return new JwtProvider("main", null, List.of(), List.of(algorithms), Duration.ofSeconds(30), false, List.of());
    }
}
