// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.scaling.Scaling;
import dev.wsroute.operator.scaling.ScalingDecision;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the status of a route with autoscaling says. */
class ScalingConditionsTest extends StatusFactoryFixture {

    private final WebSocketRoute route = Fixtures.route();

    @Test
    void theTargetIsThatOfTheDecision() {
        WebSocketRouteStatus status = status(3, State.ConnectionsMeasured, "3 proxies for 250 connections.", false);

        assertThat(Objects.requireNonNull(status.proxies()).summary()).isEqualTo("2/3");
        assertCondition(
                status, ConditionType.ScalingActive, "True", "ConnectionsMeasured", "3 proxies for 250 connections.");
        assertCondition(
                status,
                ConditionType.ScalingLimited,
                "False",
                "DesiredWithinRange",
                "maxReplicas is enough for the load.");
    }

    @Test
    void aRouteThatOthersScaleHasNoSuchConditions() {
        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, Fixtures.healthy());

        assertThat(status.conditions())
                .extracting(Condition::getType)
                .doesNotContain("ScalingActive", "ScalingLimited");
    }

    @Test
    void theNumbersOfADecisionStayUntilAnotherOneIsMade() {
        route.setStatus(status(3, State.ConnectionsMeasured, "3 proxies for 250 connections.", false));

        WebSocketRouteStatus same = status(3, State.ConnectionsMeasured, "3 proxies for 251 connections.", false);
        assertThat(same).isEqualTo(route.getStatus());

        WebSocketRouteStatus more = status(4, State.ConnectionsMeasured, "4 proxies for 350 connections.", false);
        assertThat(condition(more, ConditionType.ScalingActive).getMessage())
                .isEqualTo("4 proxies for 350 connections.");
    }

    @Test
    void silentProxiesAndTheMaximumAreWarningsAndTheirEndsAreReported() {
        WebSocketRouteStatus fine = status(2, State.ConnectionsMeasured, "2 proxies for 9 connections.", false);
        WebSocketRouteStatus pending = status(2, State.ScaleDownPending, "1 proxy would be enough.", false);
        WebSocketRouteStatus stale = status(2, State.ReportsStale, "Proxy a has not reported for 30s.", true);

        assertThat(Transition.between(null, fine))
                .extracting(Transition::type)
                .doesNotContain(ConditionType.ScalingActive, ConditionType.ScalingLimited);
        assertThat(Transition.between(fine, pending)).isEmpty();
        assertThat(Transition.between(pending, stale))
                .containsExactly(
                        new Transition(
                                ConditionType.ScalingActive, true, "ReportsStale", "Proxy a has not reported for 30s."),
                        new Transition(
                                ConditionType.ScalingLimited,
                                true,
                                "TooManyReplicas",
                                "The load needs more proxies than maxReplicas allows."));
        assertThat(Transition.between(stale, fine))
                .extracting(Transition::reason, Transition::warning)
                .containsExactly(tuple("ConnectionsMeasured", false), tuple("DesiredWithinRange", false));
    }

    @Test
    void withoutADecisionTheConditionSaysSo() {
        WebSocketRouteStatus status = status(new Scaling(5, null));

        assertThat(condition(status, ConditionType.ScalingActive).getStatus()).isEqualTo("Unknown");
        assertThat(Objects.requireNonNull(status.proxies()).desired()).isEqualTo(5);
    }

    private WebSocketRouteStatus status(int desired, State state, String sentence, boolean limited) {
        return status(new Scaling(
                desired, new ScalingDecision(desired, limited, state, sentence, null, Duration.ofSeconds(10))));
    }

    private WebSocketRouteStatus status(@Nullable Scaling scaling) {
        return factory.of(
                route, Fixtures.compiled(), APPLIED, Fixtures.healthy().observed(), scaling, Map.of(), List.of());
    }
}
