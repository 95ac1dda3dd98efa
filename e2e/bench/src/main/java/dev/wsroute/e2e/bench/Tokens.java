// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/** Tokens (JWT, RFC 7519) that are signed with ES256 by a new key. */
final class Tokens {

    static final String ISSUER = "https://id.example.com";
    static final String AUDIENCE = "bench";

    private static final Duration VALID = Duration.ofDays(1);
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final PrivateKey key;
    private final PublicKey publicKey;

    Tokens() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            key = pair.getPrivate();
            publicKey = pair.getPublic();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has P-256", e);
        }
    }

    /** The public key in PEM. */
    String pem() {
        return "-----BEGIN PUBLIC KEY-----\n" + LINES.encodeToString(publicKey.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** So many valid tokens, each for another subject. */
    List<String> mint(int count) {
        long now = Instant.now().getEpochSecond();
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(number -> token(number, now))
                .toList();
    }

    private String token(int number, long now) {
        String claims = """
                {"iss":"%s","aud":"%s","sub":"client-%d","jti":"%d","iat":%d,"exp":%d,"scope":"chat"}""".formatted(ISSUER, AUDIENCE, number, number, now, now + VALID.toSeconds());
        String signed = encoded("{\"alg\":\"ES256\",\"typ\":\"JWT\"}") + "." + encoded(claims);
        try {
            // The form that RFC 7518 section 3.4 asks for.
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(signed.getBytes(US_ASCII));
            return signed + "." + URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has ECDSA", e);
        }
    }

    private static String encoded(String json) {
        return URL.encodeToString(json.getBytes(US_ASCII));
    }
}
