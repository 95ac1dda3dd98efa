// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.Rebalance;
import dev.wsroute.proxy.drain.CloseReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When no connection moves to another proxy, though one has far more than the other. */
class ProxyRebalancerPausesTest extends ProxySimulation {

    private static final String A = "chat-proxy-1-a";
    private static final String B = "chat-proxy-1-b";
    private static final Rebalance SLOW = new Rebalance(true, 25, 1, Duration.ZERO);

    private Proxy a;
    private Proxy b;

    @BeforeEach
    void oneFullAndOneEmptyProxy() {
        start(SLOW, A);
        a = proxies.get(A);
        for (int i = 0; i < 1000; i++) {
            connect(a);
        }
        start(SLOW, B);
        b = proxies.get(B);
    }

    @Test
    void withoutAnObstacleConnectionsMove() {
        time.advance(MINUTE);

        assertThat(asked.size()).isPositive();
    }

    @Test
    void whileOneProxyIsSilentNothingMoves() {
        time.advance(MINUTE);
        b.reports = false;
        time.advance(Duration.ofSeconds(90));
        asked.clear();

        time.advance(Duration.ofMinutes(10));
        assertThat(asked.size()).isZero();

        b.reports = true;
        time.advance(MINUTE);
        assertThat(asked.size()).isPositive();
    }

    @Test
    void aProxyThatNeverReportedCountsAsSilentAndNotAsEmpty() {
        start(SLOW, "chat-proxy-1-c");
        proxies.get("chat-proxy-1-c").reports = false;
        time.advance(Duration.ofMinutes(10));

        assertThat(asked.size()).isZero();
    }

    @Test
    void aReportThatANewProcessFindsIsBelievedOnlyAfterAnother() {
        b.reports = false;
        proxies.remove(A);
        a.rebalancing.stop();
        start(SLOW, A);
        for (int i = 0; i < 1000; i++) {
            connect(proxies.get(A));
        }
        time.advance(Duration.ofMinutes(10));

        assertThat(asked.size()).isZero();
    }

    @Test
    void whileTheApiDoesNotAnswerNothingMoves() {
        time.advance(MINUTE);
        apiAnswers = false;
        time.advance(Duration.ofSeconds(90));
        asked.clear();

        time.advance(Duration.ofMinutes(10));
        assertThat(asked.size()).isZero();
    }

    @Test
    void aScaleDownStopsItUntilTheProxyIsGone() {
        start(SLOW, "chat-proxy-1-c");
        time.advance(MINUTE);
        assertThat(asked.size()).isPositive();

        list(endpoint(A, true, false), endpoint(B, true, false), endpoint("chat-proxy-1-c", false, true));
        time.advance(Duration.ofSeconds(20));
        asked.clear();
        time.advance(Duration.ofMinutes(10));
        assertThat(asked.size()).isZero();

        proxies.remove("chat-proxy-1-c");
        allReady();
        time.advance(Duration.ofSeconds(10));
        assertThat(asked.size()).as("it has just changed").isZero();
        time.advance(MINUTE);
        assertThat(asked.size()).isPositive();
    }

    @Test
    void whileAProxyIsNotReadyNothingMoves() {
        list(endpoint(A, true, false), endpoint(B, true, false), endpoint("chat-proxy-1-c", false, false));
        time.advance(Duration.ofMinutes(10));

        assertThat(asked.size()).isZero();
    }

    @Test
    void duringARollOutNothingMoves() {
        start(SLOW, "chat-proxy-2-c");
        time.advance(Duration.ofMinutes(10));

        assertThat(asked.size()).isZero();
    }

    @Test
    void whileProxiesHaveDifferentConfigurationsNothingMoves() {
        b.apply(new Rebalance(true, 30, 1, Duration.ZERO));
        time.advance(Duration.ofMinutes(10));
        assertThat(asked.size()).isZero();

        a.apply(new Rebalance(true, 30, 1, Duration.ZERO));
        time.advance(MINUTE);
        assertThat(asked.size()).isPositive();
    }

    @Test
    void whileProxiesComeAndGoNothingMoves() {
        for (int i = 0; i < 60; i++) {
            if (i % 2 == 0) {
                list(endpoint(A, true, false));
            } else {
                allReady();
            }
            time.advance(Duration.ofSeconds(9));
        }

        assertThat(asked.size()).isZero();
    }

    @Test
    void aProxyOutsideItsServiceMovesNothing() {
        start(SLOW, "chat-proxy-1-c");
        list(endpoint(B, true, false), endpoint("chat-proxy-1-c", true, false));
        time.advance(Duration.ofMinutes(10));

        assertThat(asked.size()).isZero();
    }

    @Test
    void whileConnectionsAreDrainedNothingMoves() {
        List<Client> drained = a.clients().subList(0, 10);
        a.shedder.shed(List.copyOf(drained), CloseReason.BACKEND_LEAVING, Duration.ofMinutes(10));
        time.advance(Duration.ofMinutes(8));
        assertThat(asked.size()).isZero();

        time.advance(Duration.ofMinutes(5));
        assertThat(asked.size()).isPositive();
    }

    @Test
    void aProxyThatShutsDownMovesNothing() {
        a.rebalancing.stop();
        time.advance(Duration.ofMinutes(10));

        assertThat(asked.size()).isZero();
    }

    @Test
    void youngConnectionsStay() {
        for (Proxy proxy : proxies.values()) {
            proxy.apply(new Rebalance(true, 25, 1, Duration.ofMinutes(10)));
        }
        time.advance(Duration.ofMinutes(9));
        assertThat(asked.size()).isZero();

        time.advance(Duration.ofMinutes(3));
        assertThat(asked.size()).isPositive();
    }

    @Test
    void turnedOffItStopsAtOnceAndTurnedOnItBeginsWithoutARestart() {
        time.advance(MINUTE);
        for (Proxy proxy : proxies.values()) {
            proxy.apply(new Rebalance(false, 25, 1, Duration.ZERO));
        }
        // What was chosen before is still closed.
        time.advance(Rebalancer.EVERY);
        asked.clear();
        time.advance(Duration.ofMinutes(10));
        assertThat(asked.size()).isZero();

        for (Proxy proxy : proxies.values()) {
            proxy.apply(SLOW);
        }
        time.advance(Duration.ofMinutes(2));
        assertThat(asked.size()).isPositive();
    }

    @Test
    void aDocumentWithoutOtherProxiesIsNotForAProxyThatRebalances() {
        ProxyConfig alone = ProxyConfig.named("alone").rebalance(SLOW).build();

        assertThat(Rebalancing.fault(alone, true))
                .isEqualTo(
                        "rebalance.enabled must be false for a proxy that knows of no others: it finds them by proxies,"
                                + " reports and the flag --report-config-map, all of which the operator sets");
        assertThat(Rebalancing.fault(ProxyConfig.named("alone").build(), false)).isNull();
    }
}
