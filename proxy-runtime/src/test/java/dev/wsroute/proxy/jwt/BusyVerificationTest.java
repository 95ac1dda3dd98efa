// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.access.CheckWorkers;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tokens that have to be verified while others wait for that. */
class BusyVerificationTest extends TokenFixture {

    private TestProxy proxy(CheckWorkers workers) throws IOException {
        return proxy(workers, null);
    }

    private TestProxy proxy(CheckWorkers workers, @Nullable Supplier<@Nullable DenyList> denied) throws IOException {
        JwtRules rules = rules();
        ProviderVerifier provider = new ProviderVerifier(
                provider(), () -> ringOfKeys(), Clock.systemUTC(), new UnknownKeys(Clock.systemUTC()));
        JwtStep step = new JwtStep(
                rules, new TokenVerifier(rules, List.of(provider), new VerifiedTokens(16, 1 << 20)), denied, workers);
        return proxyWithoutKeys(rules, options -> options.steps((route, rule) -> step));
    }

    @Test
    void whoFindsNoPlaceIsAskedToComeBack() throws Exception {
        CheckWorkers full = open(new CheckWorkers("tokens", 1, 1, 1));
        full.close();
        TestProxy proxy = proxy(full);

        assertThat(refused(proxy, bearer(token()))).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5\r\n");
        // What can be told without a signature is told.
        assertThat(refused(proxy, bearer("a.b.c"))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void aFloodOfOneClientLeavesRoomForTheTokensOfOthers() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CheckWorkers workers = open(new CheckWorkers("tokens", 1, 64, 64));
        TestProxy proxy = proxy(workers);
        proxy.apply(ProxyTerms.of(
                LimitsConfig.DEFAULT, new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled)));
        while (workers.run(InetAddress.getByName("192.0.2.1"), () -> awaitQuietly(held))) {}

        assertThat(refused(proxy, bearer(token()), "X-Forwarded-For: 192.0.2.1"))
                .startsWith("HTTP/1.1 503 ");
        RawPeer other = open(proxy.connect()).send(handshake("/", bearer(token()), "X-Forwarded-For: 192.0.2.2"));
        held.countDown();
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching());

        assertThat(other.readHead()).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void whoCannotBeJudgedIsToldAtOnce() throws Exception {
        TestProxy proxy = proxy(open(new CheckWorkers("tokens", 1, 4, 4)), () -> {
            throw new IllegalStateException("a deny list that fails; the test expects it");
        });

        assertThat(refused(proxy, bearer(token()))).startsWith("HTTP/1.1 503 ");
        assertThat(proxy.failures().count(FailurePoint.TASK)).isOne();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KeyRing ringOfKeys() {
        try {
            return Tokens.ring(keys);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
