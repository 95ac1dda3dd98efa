// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.proxy.testkit.TestProxy;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Tokens with somebody else's signature, or none. */
class ForgedSignaturesTest extends AttackFixture {

    @Test
    void aSignatureThatIsStrippedCutOrAltered() throws Exception {
        TestProxy proxy = target();
        String token = token();
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(signed.length()));

        List<String> attacks = new ArrayList<>(List.of(
                signed,
                signed.substring(0, signed.length() - 1),
                token.substring(0, token.length() - 2),
                token + "AA",
                token + ".",
                token + ".AAAA",
                "." + token,
                token.substring(token.indexOf('.')),
                token.replace('.', ' '),
                token + "=",
                token.substring(0, 10) + "!" + token.substring(10)));
        for (int i = 0; i < signature.length; i += 9) {
            byte[] altered = signature.clone();
            altered[i] ^= 1;
            attacks.add(signed + base64(altered));
        }
        for (String attack : attacks) {
            assertRefused(proxy, attack);
        }
    }

    /** CVE-2022-21449. */
    @Test
    void anEllipticSignatureOfZeros() throws Exception {
        TestProxy proxy = target();
        String token = token();
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] order =
                new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16).toByteArray();
        byte[] n = Arrays.copyOfRange(order, order.length - 32, order.length);
        byte[] one = new byte[32];
        one[31] = 1;

        for (byte[] r : List.of(new byte[32], n, one)) {
            for (byte[] s : List.of(new byte[32], n, one)) {
                byte[] both = Arrays.copyOf(r, 64);
                System.arraycopy(s, 0, both, 32, 32);
                assertRefused(proxy, signed + base64(both));
            }
        }
        // The form of X.509, with r = s = 0.
        assertRefused(proxy, signed + base64(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}));
        assertRefused(proxy, signed + base64(new byte[0]));
    }

    @Test
    void anotherTokensSignature() throws Exception {
        String mine = token();
        String admin = token(",\"admin\":true");

        assertRefused(target(), admin.substring(0, admin.lastIndexOf('.')) + mine.substring(mine.lastIndexOf('.')));
    }

    @Test
    void aKeyOfTheAttacker() throws Exception {
        PrivateKey evil = Tokens.keys(JwtAlgorithm.ES256).getPrivate();

        assertRefused(target(), Tokens.sign(JwtAlgorithm.ES256, evil, CLAIMS + "}"));
    }

    @Test
    void hmacWithAPublicKeyAsTheSecret() throws Exception {
        TestProxy proxy = target();
        for (KeyPair pair : List.of(keys, RSA)) {
            for (byte[] secret : List.of(
                    Tokens.pem(pair).getBytes(UTF_8),
                    Tokens.pem(pair).strip().getBytes(UTF_8),
                    pair.getPublic().getEncoded())) {
                for (String algorithm : List.of("HS256", "ES256", "RS256")) {
                    String signed =
                            Tokens.encoded("{\"alg\":\"" + algorithm + "\"}") + "." + Tokens.encoded(CLAIMS + "}");
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                    assertRefused(
                            proxy,
                            signed + "."
                                    + Base64.getUrlEncoder()
                                            .withoutPadding()
                                            .encodeToString(mac.doFinal(signed.getBytes(UTF_8))));
                }
            }
        }
    }
}
