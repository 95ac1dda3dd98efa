// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.proxy.testkit.TestProxy;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which keys of a JWK Set count for a token, by its {@code kid}. */
class KeyIdsOnTheWireTest extends TokenFixture {

    private final KeyPair others = newPair();

    private static KeyPair newPair() {
        try {
            return Tokens.keys(JwtAlgorithm.ES256);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey key(@Nullable String id, KeyPair pair) {
        return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                .keyID(id)
                .build();
    }

    private void keySet(ECKey... keySet) {
        keySet(new JWKSet(List.of(keySet)).toString());
    }

    private static String signed(@Nullable String id, KeyPair pair) throws Exception {
        String header = "{\"alg\":\"ES256\"" + (id == null ? "" : ",\"kid\":\"" + id + "\"") + "}";
        return bearer(Tokens.sign(header, CLAIMS + "}", JwtAlgorithm.ES256, pair.getPrivate()));
    }

    @Test
    void aTokenThatNamesAKeyIsVerifiedWithThatKeyOnly() throws Exception {
        TestProxy proxy = proxy(rules());
        keySet(key("a", keys), key("b", others));

        opened(proxy, signed("a", keys));
        opened(proxy, signed("b", others));
        opened(proxy, signed(null, others));
        assertThat(refused(proxy, signed("a", others))).startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, signed("b", keys))).startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, signed("c", keys))).startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, signed("A", keys))).startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, signed("", keys))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void anotherKeyOfTheSameNameReplacesTheFormerOneAtOnce() throws Exception {
        TestProxy proxy = proxy(rules());
        keySet(key("a", keys));
        opened(proxy, signed("a", keys));

        keySet(key("a", others));
        // Although it was verified before.
        assertThat(refused(proxy, signed("a", keys))).startsWith("HTTP/1.1 401 ");
        opened(proxy, signed("a", others));

        keySet(key("a", others), key("a", keys));
        opened(proxy, signed("a", keys));
        opened(proxy, signed("a", others));
    }

    @Test
    void aKeyWithoutANameIsTriedForTokensThatNameAnotherOne() throws Exception {
        TestProxy proxy = proxy(rules());
        keySet(key("a", keys), key(null, others));

        opened(proxy, signed("c", others));
        assertThat(refused(proxy, signed("c", keys))).startsWith("HTTP/1.1 401 ");
    }
}
