// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.scaling.ProxyLoad.Freshness;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A target of 100 connections and 800 thousandths of a core, 1 to 10 proxies. */
class CpuScalingTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration AFTER = Duration.ofMinutes(5);

    private final ScalingRules rules = new ScalingRules(1, 10, 100, 80, new ScalingRules.ScaleDown(AFTER, 1));
    private final List<ProxyLoad> proxies = new ArrayList<>();
    private boolean reconnecting;

    @ParameterizedTest
    @CsvSource({
        // current, CPU of each proxy, desired, limited
        "2, 0 0, 2, false",
        "2, 800 800, 2, false",
        // A tenth more does not matter, beyond it all of it counts.
        "2, 880 880, 2, false",
        "2, 881 880, 3, false",
        "2, 1600 1600, 4, false",
        // One busy proxy among idle ones: new ones take nothing from it.
        "2, 1600 0, 2, false",
        // A proxy that has just started takes no load from others, and its start is no load.
        "3, 1600 1600 ?, 4, false",
        "4, 1600 1600 ? ?, 4, false",
        "10, 900 900 900 900 900 900 900 900 900 900, 10, true",
    })
    void theNumberFollowsTheSumOfTheCpu(int current, String cpu, int desired, boolean limited) {
        use(cpu);

        ScalingDecision decision = decide(current, null);

        assertThat(decision.desired()).isEqualTo(desired);
        assertThat(decision.isLimited()).isEqualTo(limited);
    }

    @ParameterizedTest
    @CsvSource({
        // current, CPU of each proxy, desired after the window
        "3, 400 400 400, 2",
        "3, 480 480 480, 2",
        "3, 485 485 485, 3",
        // Who has not said counts as busy.
        "3, 100 100 ?, 2",
        "2, 0 ?, 2",
    })
    void aProxyEndsOnlyIfTheOthersHaveATenthOfTheirCpuToSpare(int current, String cpu, int desired) {
        use(cpu);

        assertThat(decide(current, new LowLoad(NOW.minus(AFTER), 1)).desired()).isEqualTo(desired);
    }

    @Test
    void whatClientsOfAProxyThatHasEndedCostIsNoReasonForAnother() {
        use("1600 1600");
        reconnecting = true;

        assertThat(decide(2, null).desired()).isEqualTo(2);
        assertThat(decide(2, new LowLoad(NOW.minus(AFTER), 1)).desired()).isEqualTo(2);
    }

    @Test
    void theReasonIsWhatNeedsMore() {
        use("1600 1600");
        assertThat(decide(2, null))
                .extracting(ScalingDecision::state, ScalingDecision::sentence)
                .containsExactly(State.CpuMeasured, "4 proxies for 3.2 CPU.");

        proxies.add(new ProxyLoad("many", 500, 0, 0L, Freshness.FRESH));
        assertThat(decide(2, null))
                .extracting(ScalingDecision::state, ScalingDecision::sentence)
                .containsExactly(State.ConnectionsMeasured, "5 proxies for 500 connections.");
    }

    @Test
    void withoutATargetItDoesNotMatter() {
        use("9000 9000");

        assertThat(Scaler.decide(new ScalingFacts(rules, null, false, 2, proxies, null, null, NOW))
                        .desired())
                .isEqualTo(2);
    }

    private void use(String cpu) {
        Stream.of(cpu.split(" "))
                .map(word -> word.equals("?") ? null : Long.valueOf(word))
                .forEach(used -> proxies.add(new ProxyLoad("p" + proxies.size(), 0, 0, used, Freshness.FRESH)));
    }

    private ScalingDecision decide(int current, @Nullable LowLoad low) {
        return Scaler.decide(new ScalingFacts(rules, 800L, reconnecting, current, proxies, null, low, NOW));
    }
}
