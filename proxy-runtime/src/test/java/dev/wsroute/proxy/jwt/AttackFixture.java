// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.testkit.TestProxy;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A proxy that accepts tokens with ES256 and RS256, for attacks. */
abstract class AttackFixture extends TokenFixture {

    /** It takes long to make one. */
    static final KeyPair RSA = newRsa();

    private static KeyPair newRsa() {
        try {
            return Tokens.keys(JwtAlgorithm.RS256);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Accepts ES256 and RS256. */
    final TestProxy target() throws Exception {
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

    final void assertRefused(TestProxy proxy, String token) throws Exception {
        String response = refused(proxy, bearer(token));
        assertThat(response)
                .startsWith("HTTP/1.1 401 ")
                .contains("error=\"invalid_token\"")
                .doesNotContain(token);
        assertThat(proxy.nextLogged().detail()).doesNotContain(token);
        assertThat(proxy.failures().count(FailurePoint.TASK)).isZero();
    }

    final String signed(String header) throws Exception {
        return Tokens.sign(header, CLAIMS + "}", JwtAlgorithm.ES256, keys.getPrivate());
    }

    final String claims(String claims) throws Exception {
        return Tokens.sign(JwtAlgorithm.ES256, keys.getPrivate(), claims);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
