// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.scaling.ProxyLoad.Freshness;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A target of 100 connections, 1 to 10 proxies, five minutes before one proxy less, unless a test says otherwise. */
class ScalerTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration AFTER = Duration.ofMinutes(5);

    private ScalingRules rules = rules(1, 10, 1);
    private final List<ProxyLoad> proxies = new ArrayList<>();
    private @Nullable String busy;
    private @Nullable LowLoad low;
    private Instant now = NOW;

    @ParameterizedTest
    @CsvSource({
        // current, connections, waiting, desired, limited
        "1, 0, 0, 1, false",
        "1, 100, 0, 1, false",
        "1, 101, 0, 2, false",
        "1, 950, 0, 10, false",
        "2, 201, 0, 3, false",
        "3, 1000, 0, 10, false",
        "10, 1001, 0, 10, true",
        "3, 99999, 0, 10, true",
        // Clients that wait for a WebSocket count, but repeated refusals only as much as another proxy would take.
        "1, 90, 10, 1, false",
        "1, 90, 11, 2, false",
        "1, 90, 100000, 2, false",
        // Nobody is removed at once.
        "5, 0, 0, 5, false",
        "5, 399, 0, 5, false",
    })
    void theNumberFollowsTheConnectionsUpAtOnce(
            int current, long connections, long waiting, int desired, boolean limited) {
        proxies.add(new ProxyLoad("a", connections, waiting, null, Freshness.FRESH));

        ScalingDecision decision = decide(current);

        assertThat(decision.desired()).isEqualTo(desired);
        assertThat(decision.isLimited()).isEqualTo(limited);
    }

    @ParameterizedTest
    @CsvSource({
        // current, connections, desired after the window
        "3, 0, 2",
        "3, 90, 2",
        "3, 181, 2",
        // Two proxies would be enough, but without the tenth to spare they would soon be three again.
        "3, 182, 3",
        "3, 200, 3",
        "2, 90, 1",
        "2, 91, 2",
        "1, 0, 1",
    })
    void aProxyEndsAfterTheWindowOnlyIfTheOthersHaveATenthToSpare(int current, long connections, int desired) {
        load(connections);
        low = new LowLoad(NOW.minus(AFTER), 1);

        assertThat(decide(current).desired()).isEqualTo(desired);
    }

    @Test
    void theWindowBeginsWithTheFirstLowLoadAndEachStepBeginsItAnew() {
        load(50);
        ScalingDecision first = decide(3);
        assertThat(first.state()).isEqualTo(State.ScaleDownPending);
        assertThat(first.sentence()).isEqualTo("1 proxy would be enough; one proxy ends once that has been so for 5m.");
        assertThat(first.recheck()).isEqualTo(AFTER);

        low = first.low();
        now = NOW.plus(AFTER).minusMillis(1);
        ScalingDecision second = decide(3);
        assertThat(second.desired()).isEqualTo(3);
        assertThat(second.recheck()).isEqualTo(Duration.ofMillis(1));

        low = second.low();
        now = NOW.plus(AFTER);
        ScalingDecision third = decide(3);
        assertThat(third.desired()).isEqualTo(2);
        assertThat(third.sentence()).isEqualTo("2 proxies for 50 connections.");

        low = third.low();
        assertThat(decide(2).desired()).isEqualTo(2);
        now = now.plus(AFTER);
        assertThat(decide(2).desired()).isEqualTo(1);
    }

    @Test
    void aLoadThatReturnsEndsTheWindow() {
        load(50);
        low = new LowLoad(NOW.minus(AFTER).plusSeconds(1), 1);
        low = decide(3).low();
        assertThat(low).isNotNull();

        proxies.clear();
        load(290);
        low = decide(3).low();
        assertThat(low).isNull();
    }

    @Test
    void aLargeStepStopsAtWhatWasNeededSinceTheWindowBegan() {
        rules = rules(1, 10, 9);
        load(0);
        low = new LowLoad(NOW.minus(AFTER), 4);

        assertThat(decide(10).desired()).isEqualTo(4);
        rules = rules(1, 10, 2);
        assertThat(decide(10).desired()).isEqualTo(8);
    }

    @Test
    void aSilentProxyCountsWithItsLastReportAndNoProxyEnds() {
        proxies.add(new ProxyLoad("b", 90, 0, null, Freshness.STALE));
        low = new LowLoad(NOW.minus(AFTER), 1);

        ScalingDecision kept = decide(3);

        assertThat(kept.desired()).isEqualTo(3);
        assertThat(kept.state()).isEqualTo(State.ReportsStale);
        assertThat(kept.sentence())
                .isEqualTo("Proxy b has not reported for 30s: the last report counts, and no proxy ends.");
        // What was unknown does not count as low.
        assertThat(kept.low()).isNull();

        load(211);
        assertThat(decide(3).desired()).isEqualTo(4);
    }

    @Test
    void aReportThatThisOperatorHasNotSeenChangeEndsNoProxy() {
        proxies.add(new ProxyLoad("a", 0, 0, null, Freshness.UNCONFIRMED));
        low = new LowLoad(NOW.minus(AFTER), 1);

        ScalingDecision kept = decide(3);

        assertThat(kept.desired()).isEqualTo(3);
        assertThat(kept.state()).isEqualTo(State.AwaitingReports);
        assertThat(kept.low()).isNull();
    }

    @Test
    void theClientsOfAProxyThatShutsDownWillNeedAnother() {
        proxies.add(new ProxyLoad("a", 90, 0, null, Freshness.FRESH));
        proxies.add(new ProxyLoad("gone", 90, 0, null, Freshness.LEAVING));

        assertThat(decide(1).desired()).isEqualTo(2);
    }

    @Test
    void noProxyEndsDuringARollOutButMoreAreAdded() {
        load(50);
        low = new LowLoad(NOW.minus(AFTER), 1);
        busy = "1 of 3 proxies run the current revision.";

        ScalingDecision kept = decide(3);
        assertThat(kept.desired()).isEqualTo(3);
        assertThat(kept.state()).isEqualTo(State.RolloutRunning);
        assertThat(kept.sentence())
                .isEqualTo(
                        "1 proxy would be enough, but no proxy ends before this is over: 1 of 3 proxies run the current"
                                + " revision.");

        low = kept.low();
        busy = null;
        assertThat(decide(3).desired()).isEqualTo(2);

        busy = "1 of 3 proxies run the current revision.";
        load(500);
        assertThat(decide(3).desired()).isEqualTo(6);
    }

    @Test
    void editedLimitsTakeEffectAtOnce() {
        load(0);
        rules = rules(4, 10, 1);
        assertThat(decide(2).desired()).isEqualTo(4);

        rules = rules(1, 3, 1);
        busy = "a proxy is shutting down.";
        assertThat(decide(7).desired()).isEqualTo(3);
    }

    @Test
    void aClockThatIsSetBackNeitherShortensTheWindowNorMakesItLonger() {
        load(0);
        low = new LowLoad(NOW.plus(Duration.ofDays(1)), 1);

        ScalingDecision decision = decide(3);

        assertThat(decision.desired()).isEqualTo(3);
        assertThat(decision.recheck()).isEqualTo(AFTER);
    }

    @Test
    void withoutReportsTheNumberStays() {
        assertThat(decide(7).desired()).isEqualTo(7);
        assertThat(decide(7).state()).isEqualTo(State.ScaleDownPending);
    }

    @Test
    void manyProxiesReportLessOften() {
        assertThat(rules(1, 100, 1).reportsEvery()).isEqualTo(Duration.ofSeconds(10));
        assertThat(rules(1, 1000, 1).reportsEvery()).isEqualTo(Duration.ofSeconds(100));
    }

    private void load(long connections) {
        proxies.add(new ProxyLoad("a", connections, 0, null, Freshness.FRESH));
    }

    private ScalingDecision decide(int current) {
        return Scaler.decide(new ScalingFacts(rules, null, false, current, proxies, busy, low, now));
    }

    private static ScalingRules rules(int min, int max, int maxPerStep) {
        return new ScalingRules(min, max, 100, null, new ScalingRules.ScaleDown(AFTER, maxPerStep));
    }
}
