// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.JwtRules;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VerificationPoolTest extends TokenFixture {

    @Test
    void ofAFloodOnlyThePoolsOwnTokensWait() throws Exception {
        VerificationPool pool = open(new VerificationPool(1, 2));
        CountDownLatch held = new CountDownLatch(1);
        AtomicInteger run = new AtomicInteger();
        Runnable task = () -> {
            await().until(() -> held.getCount() == 0);
            run.incrementAndGet();
        };

        // The first is taken from the queue by the thread that it starts.
        assertThat(List.of(pool.run(task), pool.run(task), pool.run(task), pool.run(task)))
                .containsExactly(true, true, true, false);

        held.countDown();
        await().until(() -> run.get() == 3);
    }

    @Test
    void whoFindsNoPlaceIsAskedToComeBack() throws Exception {
        VerificationPool full = open(new VerificationPool(1, 1));
        full.close();
        JwtRules rules = rules();
        ProviderVerifier provider = new ProviderVerifier(
                provider(), () -> ringOfKeys(), Clock.systemUTC(), new UnknownKeys(Clock.systemUTC()));
        JwtStep step = new JwtStep(
                rules, new TokenVerifier(rules, List.of(provider), new VerifiedTokens(16, 1 << 20)), null, full);
        TestProxy proxy = proxyWithoutKeys(rules, options -> options.steps((route, rule) -> step));

        assertThat(refused(proxy, bearer(token()))).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5\r\n");
        // What can be told without a signature is told.
        assertThat(refused(proxy, bearer("a.b.c"))).startsWith("HTTP/1.1 401 ");
    }

    private KeyRing ringOfKeys() {
        try {
            return Tokens.ring(keys);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
