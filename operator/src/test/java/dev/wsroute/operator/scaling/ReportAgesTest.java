// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.scaling.ProxyLoad.Freshness;
import dev.wsroute.operator.testkit.MovableClock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportAgesTest {

    private static final Duration STALE = Duration.ofSeconds(30);

    private final MovableClock clock = new MovableClock();
    private final ReportAges ages = new ReportAges();

    @Test
    void aReportIsFreshOnceItsSequenceHasChangedAndUntilItStopsChanging() {
        assertThat(of(7)).isEqualTo(Freshness.UNCONFIRMED);
        assertThat(of(7)).isEqualTo(Freshness.UNCONFIRMED);
        assertThat(of(8)).isEqualTo(Freshness.FRESH);

        clock.advance(STALE);
        assertThat(of(8)).isEqualTo(Freshness.FRESH);
        clock.advance(Duration.ofMillis(1));
        assertThat(of(8)).isEqualTo(Freshness.STALE);

        assertThat(of(9)).isEqualTo(Freshness.FRESH);
    }

    @Test
    void aProxyThatStartsAgainCountsFromOneAndIsAlive() {
        of(7);
        of(8);

        assertThat(of(1)).isEqualTo(Freshness.FRESH);
    }

    @Test
    void aNewProxyWithoutAReportIsStaleAfterAWhile() {
        assertThat(of(-1)).isEqualTo(Freshness.UNCONFIRMED);
        clock.advance(STALE.plusMillis(1));
        assertThat(of(-1)).isEqualTo(Freshness.STALE);

        assertThat(of(1)).isEqualTo(Freshness.UNCONFIRMED);
        assertThat(of(2)).isEqualTo(Freshness.FRESH);
    }

    @Test
    void afterTheClockWasSetBackTheTimeCountsFromThen() {
        of(7);
        of(8);
        clock.advance(Duration.ofHours(-1));
        assertThat(of(8)).isEqualTo(Freshness.FRESH);

        clock.advance(STALE.plusMillis(1));
        assertThat(of(8)).isEqualTo(Freshness.STALE);
    }

    @Test
    void aForgottenProxyHasToProveItselfAgain() {
        of(7);
        of(8);
        ages.retain(Set.of("other"));

        assertThat(of(8)).isEqualTo(Freshness.UNCONFIRMED);
    }

    private Freshness of(long sequence) {
        return ages.of("a", sequence, clock.instant(), STALE);
    }
}
