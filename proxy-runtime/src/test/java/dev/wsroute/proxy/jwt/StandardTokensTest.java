// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.keys.KeySet;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the standards, which nobody here has signed. */
class StandardTokensTest {

    /** RFC 7515 A.3.1. */
    private static final String EC = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
            + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

    private static final String EC_TOKEN = "eyJhbGciOiJFUzI1NiJ9"
            + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    /** RFC 8037 A.2 and A.4. */
    private static final String ED25519 =
            "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

    private static final String ED25519_SIGNED = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    private static final String ED25519_SIGNATURE =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    private static KeyRing ring(String keys) throws Exception {
        return KeyRing.of(List.of(KeySet.parse(keys.getBytes(UTF_8))));
    }

    private static ProviderVerifier verifier(KeyRing ring, long epochSecond) {
        return new ProviderVerifier(
                Tokens.provider(JwtAlgorithm.ES256),
                () -> ring,
                () -> Instant.ofEpochSecond(epochSecond),
                new UnknownKeys(Clock.systemUTC()));
    }

    @Test
    void theExampleWithEcdsaIsGenuine() throws Exception {
        KeyRing ring = ring(EC);
        UnverifiedToken token = UnverifiedToken.parse(EC_TOKEN);

        verifier(ring, 1300819379).checkClaims(token, ring);
        verifier(ring, 1300819379).checkSignature(token, ring);

        assertThat(token.claims().issuer()).isEqualTo("joe");
        assertThat(token.claims().expiresAt()).isEqualTo(1300819380_000L);
        assertThat(token.claims().get("http://example.com/is_root")).isEqualTo(true);
    }

    @Test
    void itExpiresWhenItSays() throws Exception {
        KeyRing ring = ring(EC);
        UnverifiedToken token = UnverifiedToken.parse(EC_TOKEN);

        verifier(ring, 1300819380 + 29).checkClaims(token, ring);
        assertThatThrownBy(() -> verifier(ring, 1300819380 + 30).checkClaims(token, ring))
                .hasMessage("The token has expired");
    }

    @Test
    void theExampleWithEd25519IsGenuine() throws Exception {
        Ed25519Verifier verifier = new Ed25519Verifier(
                KeySet.parse(ED25519.getBytes(UTF_8)).keys().get(0).key());
        JWSHeader header = new JWSHeader(JWSAlgorithm.EdDSA);
        byte[] signed = ED25519_SIGNED.getBytes(UTF_8);

        assertThat(verifier.verify(header, signed, new Base64URL(ED25519_SIGNATURE)))
                .isTrue();
        assertThat(verifier.verify(header, signed, new Base64URL("A" + ED25519_SIGNATURE.substring(1))))
                .isFalse();
        assertThat(verifier.verify(header, signed, new Base64URL(ED25519_SIGNATURE.substring(2))))
                .isFalse();
        assertThat(verifier.verify(header, (ED25519_SIGNED + "x").getBytes(UTF_8), new Base64URL(ED25519_SIGNATURE)))
                .isFalse();
    }

    @Test
    void theLibrarySignsWhatIsAccepted() throws Exception {
        var keys = Tokens.keys(JwtAlgorithm.ES256);
        KeyRing ring = Tokens.ring(keys);
        UnverifiedToken token =
                UnverifiedToken.parse(Tokens.ofLibrary(JwtAlgorithm.ES256, keys.getPrivate(), "{\"sub\":\"ada\"}"));

        verifier(ring, 0).checkSignature(token, ring);
    }
}
