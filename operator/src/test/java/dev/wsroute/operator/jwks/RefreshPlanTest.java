// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static Duration wait(RefreshPlan plan) {
        return Duration.between(NOW, plan.due());
    }

    @Test
    void beginsAtOnce() {
        assertThat(RefreshPlan.first(NOW).due()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "PT5M, PT3M45S, PT4M30S",
        "PT1H, PT45M, PT54M",
        "PT0S, PT1M, PT1M",
        "PT72S, PT1M, PT1M4.8S",
        "PT24H, PT18H, PT21H36M",
        "P3650D, PT18H, PT21H36M",
    })
    void refreshesAheadOfTheEndWithJitter(Duration maxAge, Duration soonest, Duration latest) {
        RefreshPlan plan = RefreshPlan.first(NOW).begin(NOW);

        assertThat(wait(plan.succeeded(NOW, maxAge, 0))).isEqualTo(soonest);
        assertThat(wait(plan.succeeded(NOW, maxAge, 1))).isEqualTo(latest);
    }

    @Test
    void waitsLongerWithEachFailureUpToABound() {
        RefreshPlan plan = RefreshPlan.first(NOW).begin(NOW);

        for (String expected : List.of("PT15S", "PT30S", "PT1M", "PT2M", "PT4M", "PT8M", "PT10M", "PT10M")) {
            plan = plan.failed(NOW, 0);
            assertThat(wait(plan)).isEqualTo(Duration.parse(expected));
        }
        for (int i = 0; i < 100; i++) {
            plan = plan.failed(NOW, 1);
            assertThat(wait(plan))
                    .isEqualTo(Duration.ofMinutes(10).multipliedBy(85).dividedBy(100));
        }
        assertThat(wait(plan.succeeded(NOW, RefreshPlan.DEFAULT_AGE, 0).failed(NOW, 0)))
                .isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void anUnknownKeyFetchesOnceAMinute() {
        RefreshPlan plan = RefreshPlan.first(NOW).begin(NOW).succeeded(NOW, Duration.ofHours(1), 0);

        assertThat(wait(plan.unknownKey(NOW.plusSeconds(10)))).isEqualTo(Duration.ofMinutes(1));
        assertThat(wait(plan.unknownKey(NOW.plusSeconds(200)))).isEqualTo(Duration.ofSeconds(200));
        assertThat(plan.unknownKey(NOW.plusSeconds(10))
                        .unknownKey(NOW.plusSeconds(50))
                        .due())
                .isEqualTo(NOW.plusSeconds(60));
        assertThat(plan.unknownKey(NOW.plus(Duration.ofHours(2)))).isEqualTo(plan);
    }

    @Test
    void anUnknownKeyDoesNotShortenTheWaitAfterAFailure() {
        RefreshPlan plan =
                RefreshPlan.first(NOW).begin(NOW).failed(NOW, 0).begin(NOW).failed(NOW, 0);

        assertThat(plan.unknownKey(NOW.plusSeconds(1))).isEqualTo(plan);
        assertThat(plan.unknownKey(NOW.plus(Duration.ofHours(1)))).isEqualTo(plan);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60 | | 60",
                "public, MAX-AGE = \"60\" | | 60",
                "max-age=60, max-age=30 | | 30",
                "s-maxage=60 | | ",
                "no-cache, no-store | | ",
                "max-age=-1 | | ",
                "max-age=x | | ",
                "max-age=999999999999999999 | | 315360000",
                "max-age=60 | 20 | 40",
                "max-age=60 | 100 | 0",
                "max-age=60 | x | 60",
                "stale-max-age=5 | | ",
            })
    void readsMaxAge(String cacheControl, String age, Long seconds) {
        assertThat(CacheControl.maxAge(List.of(cacheControl), age))
                .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }
}
