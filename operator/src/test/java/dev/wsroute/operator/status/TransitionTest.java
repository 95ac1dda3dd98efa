// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class TransitionTest {

    private final StatusFactory factory = new StatusFactory(Clock.systemUTC(), false);

    @Test
    void aNewRouteReportsProgrammedAndReadyButNoIntermediateStates() {
        WebSocketRouteStatus fresh = status(new Fixtures().deployment(2, 2, 0).backends(Fixtures.endpoint("b", true)));
        WebSocketRouteStatus up = status(Fixtures.healthy());

        assertThat(Transition.between(null, fresh)).isEmpty();
        assertThat(Transition.between(fresh, up)).extracting(Transition::reason).containsExactly("Programmed", "Ready");
    }

    @Test
    void nothingIsReportedTwice() {
        WebSocketRouteStatus up = status(Fixtures.healthy());

        assertThat(Transition.between(up, up)).isEmpty();
    }

    @Test
    void anEditReportsOnlyProgrammed() {
        WebSocketRouteStatus up = status(Fixtures.healthy());
        WebSocketRouteStatus edited = status(Fixtures.healthy().applied("p2", "older"));

        assertThat(Transition.between(up, edited)).isEmpty();
        assertThat(Transition.between(edited, up))
                .extracting(Transition::reason)
                .containsExactly("Programmed");
    }

    @Test
    void aFailureIsAWarningAndARecoveryIsNot() {
        WebSocketRouteStatus up = status(Fixtures.healthy());
        WebSocketRouteStatus without = status(Fixtures.healthy().backends());

        assertThat(Transition.between(up, without)).singleElement().satisfies(t -> {
            assertThat(t.warning()).isTrue();
            assertThat(t.reason()).isEqualTo("NoReadyEndpoint");
        });
        assertThat(Transition.between(without, up)).singleElement().satisfies(t -> {
            assertThat(t.warning()).isFalse();
            assertThat(t.reason()).isEqualTo("EndpointsReady");
        });
    }

    private WebSocketRouteStatus status(Fixtures around) {
        WebSocketRoute route = Fixtures.route();
        return factory.of(route, Fixtures.compiled(), new ApplyOutcome.Applied(), around.observed());
    }
}
