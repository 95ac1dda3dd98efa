// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Proxies;
import dev.wsroute.operator.testkit.MovableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChurnLimiterTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final MovableClock clock = new MovableClock();
    private final ChurnLimiter limiter = new ChurnLimiter(clock, INTERVAL);

    @Test
    void theFirstStatusIsWrittenAtOnce() {
        assertThat(limiter.delay("u", null, status(1, 2))).isZero();
    }

    @Test
    void countsOfEndpointsWaitUntilTheIntervalIsOver() {
        limiter.wrote("u");

        clock.advance(Duration.ofSeconds(4));
        assertThat(limiter.delay("u", status(1, 2), status(2, 2))).isEqualTo(Duration.ofSeconds(6));

        clock.advance(Duration.ofSeconds(6));
        assertThat(limiter.delay("u", status(1, 2), status(2, 2))).isZero();
    }

    @Test
    void anyOtherChangeIsWrittenAtOnce() {
        limiter.wrote("u");

        assertThat(limiter.delay("u", status(1, 2), status(2, 1))).isZero();
    }

    @Test
    void routesDoNotWaitForEachOther() {
        limiter.wrote("u");

        assertThat(limiter.delay("other", status(1, 2), status(2, 2))).isZero();
    }

    private static WebSocketRouteStatus status(int endpoints, int proxies) {
        return new WebSocketRouteStatus(
                1L,
                List.of(),
                new Proxies(2, proxies, proxies, proxies + "/2"),
                2,
                "a=b",
                endpoints,
                List.of(),
                List.of());
    }
}
