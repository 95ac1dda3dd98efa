// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.Rebalance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which connections move to other proxies, and how fast. */
@Tag("slow")
class ProxyRebalancerTest extends ProxySimulation {

    @Test
    void tenThousandConnectionsMoveToTwoNewProxiesAtTheRateAndNoClientIsAskedTwiceInAWhile() {
        start(TWO_PERCENT, "chat-proxy-1-a", "chat-proxy-1-b");
        connect(10_000);
        time.advance(Duration.ofMinutes(10));
        assertThat(asked.size()).isZero();

        start(TWO_PERCENT, "chat-proxy-1-c", "chat-proxy-1-d");
        // Half of those that leave a full proxy come to a full one: 2,340 have to leave each for good, at two percent a
        // minute of
        // 5,000 and then fewer. That takes ln(5000 / 2660) / 1 % = 63 minutes.
        List<Integer> perMinute = new ArrayList<>();
        for (int minute = 0; minute < 75; minute++) {
            int before = asked.size();
            time.advance(MINUTE);
            perMinute.add(asked.size() - before);
        }

        assertThat(proxies.keySet())
                .hasSize(4)
                .allSatisfy(name -> assertThat(count(name)).as(name).isBetween(2125, 2875));
        assertThat(perMinute).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(210));
        assertThat(asked.size()).isBetween(8500, 10_500);
        assertThat(asked)
                .allSatisfy(client -> assertThat(client.sinceAskedBefore())
                        .isGreaterThanOrEqualTo(Duration.ofMinutes(5).toNanos()));

        int done = asked.size();
        time.advance(Duration.ofHours(1));
        assertThat(asked.size()).as("it has come to rest").isEqualTo(done);
        assertThat(clients()).isEqualTo(10_000);
    }

    @Test
    void behindALoadBalancerThatPrefersEmptyProxiesItTakesHalfTheCloses() {
        start(TWO_PERCENT, "chat-proxy-1-a", "chat-proxy-1-b");
        connect(1000);
        time.advance(Duration.ofMinutes(10));
        loadBalancer = client -> emptiest();

        start(TWO_PERCENT, "chat-proxy-1-c", "chat-proxy-1-d");
        time.advance(Duration.ofMinutes(45));

        assertThat(proxies.keySet())
                .allSatisfy(name -> assertThat(count(name)).as(name).isBetween(212, 288));
        assertThat(asked.size()).isBetween(460, 520);
    }

    @Test
    void oneNewProxyAmongManyGetsItsShareAlthoughMostClientsComeBackToFullOnes() {
        start(new Rebalance(true, 5, 10, MINUTE), names(8));
        connect(8000);
        time.advance(Duration.ofMinutes(5));
        asked.clear();

        start(new Rebalance(true, 5, 10, MINUTE), "chat-proxy-1-new");
        time.advance(Duration.ofHours(4));

        assertThat(proxies.keySet())
                .allSatisfy(name -> assertThat(count(name)).as(name).isBetween(755, 955));
    }

    @Test
    void belowTheThresholdNothingMovesAndBeyondItTheProxyEndsWellBelow() {
        start(QUICK, "chat-proxy-1-a", "chat-proxy-1-b");
        Proxy a = proxies.get("chat-proxy-1-a");
        Proxy b = proxies.get("chat-proxy-1-b");
        for (int i = 0; i < 120; i++) {
            connect(a);
        }
        for (int i = 0; i < 80; i++) {
            connect(b);
        }
        time.advance(Duration.ofMinutes(3));
        assertThat(asked.size()).isZero();

        b.clients().subList(0, 15).forEach(Client::leave);
        loadBalancer = client -> b;
        time.advance(Duration.ofMinutes(3));
        assertThat(asked.size()).isPositive();
        assertThat(a.connections.size()).isBetween(90, 99);
    }

    @Test
    void aProxyThatPretendsToBeEmptyGetsClientsAtTheRateOnly() {
        start(TWO_PERCENT, "chat-proxy-1-a", "chat-proxy-1-b");
        connect(1000);
        Proxy liar = proxies.get("chat-proxy-1-b");
        liar.pretendsToBeEmpty = true;
        time.advance(Duration.ofMinutes(7));
        asked.clear();

        time.advance(Duration.ofMinutes(10));

        // Two percent of some 500 a minute.
        assertThat(asked).filteredOn(client -> client.proxy != liar).hasSizeBetween(50, 105);
    }

    @Test
    void aConnectionThatIsAskedForOneBalanceIsNotAskedForTheOther() {
        start(QUICK, "chat-proxy-1-a");
        Proxy proxy = proxies.get("chat-proxy-1-a");
        for (int i = 0; i < 10; i++) {
            connect(proxy);
        }
        AskedConnections shared = new AskedConnections(proxy.connections);
        Client first = proxy.clients().get(0);

        shared.add(List.of(first));
        assertThat(shared.others(any -> true)).hasSize(9).doesNotContain(first);

        first.leave();
        assertThat(shared.others(any -> true)).hasSize(9);
    }

    private Proxy emptiest() {
        return proxies.values().stream()
                .min(Comparator.comparing(proxy -> proxy.connections.size()))
                .orElseThrow();
    }

    private static String[] names(int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "chat-proxy-1-" + i;
        }
        return names;
    }
}
