// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.proxy.testkit.TestProxy;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known attacks on libraries for tokens, and on those who use them (RFC 8725), by the header. None of these tokens opens a WebSocket. */
class TokenAttacksTest extends AttackFixture {

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
            // The keys, in PEM, have no kid, so all are tried: only the signature counts.
            opened(proxy, bearer(signed("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}")));
        }
    }

    @Test
    void duplicateHeaders() throws Exception {
        assertRefused(target(), signed("{\"alg\":\"none\",\"alg\":\"ES256\"}"));
        assertRefused(target(), signed("{\"alg\":\"ES256\",\"alg\":\"ES256\"}"));
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
}
