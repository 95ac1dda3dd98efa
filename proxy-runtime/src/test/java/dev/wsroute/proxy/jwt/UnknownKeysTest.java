// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ObjectRef;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnknownKeysTest {

    private static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"next\"}";

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
    private final UnknownKeys unknown = new UnknownKeys(() -> Instant.ofEpochMilli(now.get()));
    private final AtomicInteger news = new AtomicInteger();

    private static JwtProvider provider(String configMap, String key) {
        return Tokens.provider(JwtAlgorithm.ES256)
                .withKeys(List.of(new KeySource(new ObjectRef("apps", configMap), null, null, key)));
    }

    @Test
    void aFetchedSetThatLacksTheKeyOfATokenIsNamedForTwoMinutes() {
        unknown.onNews(news::incrementAndGet);
        JwtProvider fetched = provider("chat-proxy-jwks", "main.json");

        unknown.saw(fetched);
        unknown.saw(fetched);
        assertThat(unknown.lately()).containsExactly("main.json");
        assertThat(news).hasValue(1);

        now.addAndGet(120_000);
        assertThat(unknown.lately()).containsExactly("main.json");
        now.addAndGet(1);
        assertThat(unknown.lately()).isEmpty();
        unknown.saw(fetched);
        assertThat(news).hasValue(2);
    }

    @Test
    void aSetThatNobodyFetchesIsNotNamed() {
        unknown.saw(provider("login-keys", "jwks.json"));
        unknown.saw(Tokens.provider(JwtAlgorithm.ES256)
                .withKeys(List.of(new KeySource(null, null, "/etc/jwks.json", null))));

        assertThat(unknown.lately()).isEmpty();
    }

    @Test
    void onlyATokenThatNoKeyVerifiesIsOne() throws Exception {
        var keys = Tokens.keys(JwtAlgorithm.ES256);
        KeyRing ring = Tokens.ring(keys);
        ProviderVerifier verifier = new ProviderVerifier(
                provider("chat-proxy-jwks", "main.json"), () -> ring, () -> Instant.ofEpochMilli(now.get()), unknown);

        verifier.checkSignature(
                UnverifiedToken.parse(Tokens.sign(HEADER, "{}", JwtAlgorithm.ES256, keys.getPrivate())), ring);

        assertThat(unknown.lately()).isEmpty();

        assertThatThrownBy(() -> verifier.checkSignature(
                        UnverifiedToken.parse(Tokens.sign(
                                HEADER,
                                "{}",
                                JwtAlgorithm.ES256,
                                Tokens.keys(JwtAlgorithm.ES256).getPrivate())),
                        ring))
                .isInstanceOf(TokenException.class);
        assertThat(unknown.lately()).containsExactly("main.json");
    }
}
