// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.Rebalance;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that come back to the same proxy, as through a load balancer with client affinity. */
@Tag("slow")
class ProxyRebalancerPatienceTest extends ProxySimulation {

    private static final String A = "chat-proxy-1-a";
    private static final String B = "chat-proxy-1-b";
    private static final Rebalance SETTINGS = new Rebalance(true, 25, 10, Duration.ofMinutes(1));

    private void sticky(int clients) {
        start(SETTINGS, A);
        for (int i = 0; i < clients; i++) {
            connect(proxies.get(A));
        }
        start(SETTINGS, B);
        loadBalancer = client -> client.proxy;
    }

    @Test
    void clientsThatComeBackAreLeftAloneForAnHourAfterAFewRounds() {
        sticky(1000);

        time.advance(Duration.ofMinutes(20));
        int tried = asked.size();
        // Less than the excess of some 470.
        assertThat(tried).isBetween(100, 400);
        time.advance(Duration.ofMinutes(35));
        assertThat(asked.size()).isEqualTo(tried);

        time.advance(Duration.ofMinutes(60));
        assertThat(asked.size()).as("it tries again").isBetween(tried + 100, 3 * tried);
    }

    @Test
    void aProxyThatIsReadyNowAndThenIsNoReasonToTryAgain() {
        sticky(1000);

        for (int i = 0; i < 11; i++) {
            time.advance(Duration.ofMinutes(5));
            list(endpoint(A, true, false), endpoint(B, false, false));
            time.advance(Duration.ofSeconds(5));
            allReady();
        }

        assertThat(asked.size()).isBetween(100, 400);
    }

    @Test
    void slowClientsThatComeBackAreNoticedToo() {
        reconnect = Duration.ofMinutes(2);
        sticky(1000);

        time.advance(Duration.ofHours(1));
        assertThat(asked.size()).isBetween(100, 1000);
    }

    @Test
    void aSmallExcessIsNotSentRoundForever() {
        sticky(12);

        time.advance(Duration.ofDays(1));

        // Each hour some attempts, and not 600.
        assertThat(asked.size()).isBetween(12, 2000);
    }

    @Test
    void anotherProxyIsAReasonToTryAgain() {
        sticky(1000);
        time.advance(Duration.ofMinutes(20));
        asked.clear();

        loadBalancer = client -> any();
        start(SETTINGS, "chat-proxy-1-c");
        time.advance(Duration.ofMinutes(30));

        assertThat(proxies.keySet())
                .allSatisfy(name -> assertThat(count(name)).as(name).isBetween(283, 383));
    }
}
