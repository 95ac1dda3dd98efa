// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.jwt.VerifiedTokens.Verified;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {

    private static final byte[] SCOPE = VerifiedTokens.hash("a");

    private static Verified verified(String subject) throws TokenException {
        return new Verified(Claims.of(Map.of("name", subject)), "main", KeyRing.EMPTY);
    }

    @Test
    void aTokenIsKnownForTheSameProvidersOnly() throws Exception {
        VerifiedTokens tokens = new VerifiedTokens(100, 1 << 20);
        Verified ada = verified("ada");

        tokens.put(VerifiedTokens.key(SCOPE, "t1"), ada);

        assertThat(tokens.find(VerifiedTokens.key(SCOPE, "t1"))).isSameAs(ada);
        assertThat(tokens.find(VerifiedTokens.key(SCOPE, "t2"))).isNull();
        assertThat(tokens.find(VerifiedTokens.key(VerifiedTokens.hash("b"), "t1")))
                .isNull();
    }

    @Test
    void numberAndBytesAreBounded() throws Exception {
        VerifiedTokens few = new VerifiedTokens(160, 1 << 30);
        VerifiedTokens small = new VerifiedTokens(1 << 20, 160_000);
        for (int i = 0; i < 5000; i++) {
            few.put(VerifiedTokens.key(SCOPE, "t" + i), verified("ada"));
            small.put(VerifiedTokens.key(SCOPE, "t" + i), verified("a".repeat(i % 1000)));
        }

        small.put(VerifiedTokens.key(SCOPE, "huge"), verified("a".repeat(10_000)));

        assertThat(few.size()).isEqualTo(160);
        assertThat(small.bytes()).isLessThanOrEqualTo(160_000).isPositive();
    }

    @Test
    void whatWasUsedLastStays() throws Exception {
        VerifiedTokens tokens = new VerifiedTokens(32, 1 << 30);
        ByteBuffer used = VerifiedTokens.key(SCOPE, "used");
        tokens.put(used, verified("ada"));

        for (int i = 0; i < 1000; i++) {
            tokens.put(VerifiedTokens.key(SCOPE, "t" + i), verified("ada"));
            assertThat(tokens.find(used)).isNotNull();
        }

        tokens.remove(used);
        assertThat(tokens.find(used)).isNull();
    }
}
