// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.testkit.TestProxy;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known attacks on libraries for tokens, and on those who use them (RFC 8725). None of these tokens opens a WebSocket. */
class TokenAttacksTest extends TokenFixture {

    /** It takes long to make one. */
    private static final KeyPair RSA = newRsa();

    private static KeyPair newRsa() {
        try {
            return Tokens.keys(JwtAlgorithm.RS256);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Accepts ES256 and RS256. */
    private TestProxy target() throws Exception {
        JwtProvider provider = new JwtProvider(
                "main",
                ISSUER,
                List.of("chat"),
                List.of(JwtAlgorithm.ES256, JwtAlgorithm.RS256),
                Duration.ofSeconds(30),
                false,
                List.of(KEYS));
        TestProxy proxy = proxyWithoutKeys(
                new JwtRules(List.of(provider), List.of(), List.of(), List.of(), true, null), options -> options);
        keySet(Tokens.pem(keys, RSA));
        opened(proxy, bearer(token()));
        return proxy;
    }

    private void assertRefused(TestProxy proxy, String token) throws Exception {
        String response = refused(proxy, bearer(token));
        assertThat(response)
                .startsWith("HTTP/1.1 401 ")
                .contains("error=\"invalid_token\"")
                .doesNotContain(token);
        assertThat(proxy.nextLogged().detail()).doesNotContain(token);
        assertThat(proxy.failures().count(FailurePoint.TASK)).isZero();
    }

    private String signed(String header) throws Exception {
        return Tokens.sign(header, CLAIMS + "}", JwtAlgorithm.ES256, keys.getPrivate());
    }

    private String claims(String claims) throws Exception {
        return Tokens.sign(JwtAlgorithm.ES256, keys.getPrivate(), claims);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", "null", "HS256", "es256", "ES256 ", "ES256K", "RS1"})
    void anAlgorithmThatDoesNotExistHere(String name) throws Exception {
        TestProxy proxy = target();
        String header = "{\"alg\":\"" + name + "\"}";

        assertRefused(proxy, Tokens.encoded(header) + "." + Tokens.encoded(CLAIMS + "}") + ".AAAA");
        assertRefused(proxy, signed(header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alg\":null}",
                "{\"alg\":1}",
                "{\"alg\":[\"ES256\"]}",
                "{\"typ\":\"JWT\"}",
                "[]",
                "\"x\"",
                "7"
            })
    void aHeaderThatNamesNoAlgorithm(String header) throws Exception {
        assertRefused(target(), signed(header));
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

    @Test
    void anAlgorithmThatTheProviderDoesNotUse() throws Exception {
        assertRefused(target(), Tokens.sign(JwtAlgorithm.RS384, RSA.getPrivate(), CLAIMS + "}"));
        assertRefused(target(), Tokens.sign(JwtAlgorithm.PS256, RSA.getPrivate(), CLAIMS + "}"));
    }

    @Test
    void anotherAlgorithmThanThatOfTheKey() throws Exception {
        assertRefused(
                target(), Tokens.sign("{\"alg\":\"RS256\"}", CLAIMS + "}", JwtAlgorithm.ES256, keys.getPrivate()));
        assertRefused(target(), Tokens.sign("{\"alg\":\"ES256\"}", CLAIMS + "}", JwtAlgorithm.RS256, RSA.getPrivate()));
    }

    @Test
    void aKeyOrItsAddressInTheHeader() throws Exception {
        TestProxy proxy = target();
        KeyPair evil = Tokens.keys(JwtAlgorithm.ES256);
        String x5c = Base64.getEncoder().encodeToString(evil.getPublic().getEncoded());
        for (String field : List.of(
                "\"jku\":\"https://evil.example/jwks.json\"",
                "\"x5u\":\"https://evil.example/cert.pem\"",
                "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                        + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
                "\"x5c\":[\"" + x5c + "\"]",
                "\"x5t\":\"AAAA\"")) {
            String header = "{\"alg\":\"ES256\"," + field + "}";
            assertRefused(proxy, Tokens.sign(header, CLAIMS + "}", JwtAlgorithm.ES256, evil.getPrivate()));
            // Ignored, not obeyed: the issuer may put it there.
            opened(proxy, bearer(signed(header)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crit\":[\"exp\"],\"exp\":1",
                "\"crit\":[]",
                "\"crit\":[\"b64\"],\"b64\":false",
                "\"crit\":[\"x\"],\"x\":1",
                "\"crit\":\"x\"",
                "\"b64\":false",
                "\"typ\":\"JWS\"",
                "\"typ\":\"dpop+jwt\"",
                "\"typ\":\"secevent+jwt\"",
                "\"typ\":7",
                "\"kid\":7",
                "\"kid\":[\"a\"]"
            })
    void aHeaderThatChangesTheMeaning(String field) throws Exception {
        assertRefused(target(), signed("{\"alg\":\"ES256\"," + field + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt", "AT+JWT", "application/jwt"})
    void theTypesOfTokensAreAccepted(String type) throws Exception {
        opened(target(), bearer(signed("{\"alg\":\"ES256\",\"typ\":\"" + type + "\"}")));
    }

    @Test
    void aKeyIdThatIsAnInjection() throws Exception {
        TestProxy proxy = target();
        KeyPair evil = Tokens.keys(JwtAlgorithm.ES256);
        for (String kid : List.of(
                "../../../../dev/null",
                "' OR 1=1 --",
                "\\u0000",
                "a\\r\\nX: y",
                "${jndi:ldap://x}",
                "a".repeat(3000))) {
            assertRefused(
                    proxy,
                    Tokens.sign(
                            "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}",
                            CLAIMS + "}",
                            JwtAlgorithm.ES256,
                            evil.getPrivate()));
        }
    }

    @Test
    void hugeTokens() throws Exception {
        // The proxy's limits on heads come first on the wire.
        assertThat(accepts(signed("{\"alg\":\"ES256\",\"kid\":\"" + "a".repeat(11_000) + "\"}")))
                .isTrue();
        assertThat(accepts(signed("{\"alg\":\"ES256\",\"kid\":\"" + "a".repeat(13_000) + "\"}")))
                .isFalse();
        assertThat(accepts(claims(CLAIMS + ",\"x\":\"" + "a".repeat(13_000) + "\"}")))
                .isFalse();
        assertThat(accepts("a".repeat(1_000_000))).isFalse();
    }

    private static boolean accepts(String token) {
        try {
            UnverifiedToken.parse(token);
            return true;
        } catch (TokenException e) {
            return false;
        }
    }

    static Stream<String> times() {
        return Stream.of(
                "\"exp\":" + (NOW - 60),
                "\"exp\":0",
                "\"exp\":-1",
                "\"exp\":1e400",
                "\"exp\":1e300",
                "\"exp\":NaN",
                "\"exp\":\"4700000000\"",
                "\"exp\":4700000000000",
                "\"exp\":[4700000000]",
                "\"exp\":true",
                "\"exp\":4700000000,\"nbf\":" + (NOW + 120),
                "\"exp\":4700000000,\"nbf\":\"0\"",
                "\"exp\":4700000000,\"iat\":" + (NOW + 120),
                "\"exp\":4700000000,\"iat\":1e300");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("times")
    void aTokenOutOfItsTime(String times) throws Exception {
        TestProxy proxy = target();
        String base = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"chat\",";

        assertRefused(proxy, claims(base + times + "}"));
        opened(proxy, bearer(claims(base + "\"exp\":" + (NOW - 10) + ",\"nbf\":" + (NOW + 10) + ".5}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iss\":\"https://evil.example\",\"aud\":\"chat\"}",
                "{\"iss\":\"https://id.example.com/\",\"aud\":\"chat\"}",
                "{\"iss\":\"HTTPS://id.example.com\",\"aud\":\"chat\"}",
                "{\"iss\":[\"https://id.example.com\"],\"aud\":\"chat\"}",
                "{\"aud\":\"chat\"}",
                "{\"iss\":\"https://id.example.com\"}",
                "{\"iss\":\"https://id.example.com\",\"aud\":\"other\"}",
                "{\"iss\":\"https://id.example.com\",\"aud\":[\"other\",\"chats\"]}",
                "{\"iss\":\"https://id.example.com\",\"aud\":[[\"chat\"]]}",
                "{\"iss\":\"https://id.example.com\",\"aud\":{\"chat\":1}}",
                "{\"iss\":\"https://id.example.com\",\"aud\":[\"chat\",7]}",
                "{\"iss\":\"https://id.example.com\",\"aud\":\"chat\",\"sub\":7}",
                "{\"iss\":\"https://id.example.com\",\"aud\":\"chat\",\"jti\":{}}",
                "{\"iss\":\"https://id.example.com\",\"aud\":\"other\",\"aud\":\"chat\"}",
                "{\"iss\":\"https://evil.example\",\"iss\":\"https://id.example.com\",\"aud\":\"chat\"}",
                "{\"iss\":\"https://id.example.com\",\"aud\":\"chat\"",
                "{\"iss\":\"https://id.example.com\",\"aud\":\"chat\"}x",
                "[]",
                "null",
                ""
            })
    void anotherIssuerOrAudienceOrBrokenClaims(String claims) throws Exception {
        assertRefused(target(), claims(claims));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "jti"})
    void aTokenThatNoDenyListCouldName(String claim) throws Exception {
        TestProxy proxy = target();
        String base = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"chat\",\"" + claim + "\":\"";

        for (String name : List.of("x".repeat(Claims.LONGEST_NAME + 1), "two\\nlines", " ada", "ada\\t")) {
            assertRefused(proxy, claims(base + name + "\"}"));
        }
        opened(proxy, bearer(claims(base + "x".repeat(Claims.LONGEST_NAME) + "\"}")));
    }

    @Test
    void duplicateHeaders() throws Exception {
        assertRefused(target(), signed("{\"alg\":\"none\",\"alg\":\"ES256\"}"));
        assertRefused(target(), signed("{\"alg\":\"ES256\",\"alg\":\"ES256\"}"));
    }

    @Test
    void deepJson() throws Exception {
        TestProxy proxy = target();
        String deep = "[".repeat(3000);

        assertRefused(proxy, claims(CLAIMS + ",\"x\":" + deep + "]".repeat(3000) + "}"));
        assertRefused(proxy, claims(CLAIMS + ",\"x\":" + deep));
        assertRefused(proxy, signed("{\"alg\":\"ES256\",\"x\":" + deep + "]".repeat(3000) + "}"));
    }

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
        byte[] order = new java.math.BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)
                .toByteArray();
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

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Test
    void anotherTokensSignature() throws Exception {
        String mine = token();
        String admin = token(",\"admin\":true");

        assertRefused(target(), admin.substring(0, admin.lastIndexOf('.')) + mine.substring(mine.lastIndexOf('.')));
    }

    @Test
    void anEncryptedOrNestedToken() throws Exception {
        TestProxy proxy = target();
        JWEObject encrypted =
                new JWEObject(new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM), new Payload(token()));
        encrypted.encrypt(new RSAEncrypter((RSAPublicKey) RSA.getPublic()));

        assertRefused(proxy, encrypted.serialize());
        assertRefused(
                proxy,
                Tokens.sign("{\"alg\":\"ES256\",\"cty\":\"JWT\"}", token(), JwtAlgorithm.ES256, keys.getPrivate()));
    }

    @Test
    void aKeyOfTheAttacker() throws Exception {
        PrivateKey evil = Tokens.keys(JwtAlgorithm.ES256).getPrivate();

        assertRefused(target(), Tokens.sign(JwtAlgorithm.ES256, evil, CLAIMS + "}"));
    }
}
