// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.TestProxy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens whose signature is good and whose claims are not. */
class BadClaimsTest extends AttackFixture {

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
    @MethodSource("times")
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

        for (String name :
                List.of("x".repeat(Claims.LONGEST_NAME + 1), "two\\nlines", " ada", "ada\\t", "", "\\ud800")) {
            assertRefused(proxy, claims(base + name + "\"}"));
        }
        opened(proxy, bearer(claims(base + "x".repeat(Claims.LONGEST_NAME) + "\"}")));
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
}
