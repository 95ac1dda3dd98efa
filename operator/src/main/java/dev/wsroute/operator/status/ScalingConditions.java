// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.scaling.Scaling;
import dev.wsroute.operator.scaling.ScalingDecision;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The conditions of a route that the operator scales, with the names that a HorizontalPodAutoscaler gives its own. */
final class ScalingConditions {

    private static final Set<State> BROKEN = Set.of(State.ReportsStale, State.ScaleDownFailed);

    private ScalingConditions() {}

    static List<ConditionValue> of(Scaling scaling, WebSocketRoute route) {
        ScalingDecision decision = scaling.decision();
        if (decision == null) {
            return List.of(ConditionValue.unknown(
                    ConditionType.ScalingActive,
                    "NotAccepted",
                    "The route was not accepted, so the number of its proxies stays as it is."));
        }
        return List.of(
                active(scaling.desired(), decision, route),
                decision.isLimited()
                        ? ConditionValue.yes(
                                ConditionType.ScalingLimited,
                                "TooManyReplicas",
                                "The load needs more proxies than maxReplicas allows.")
                        : ConditionValue.no(
                                ConditionType.ScalingLimited,
                                "DesiredWithinRange",
                                "maxReplicas is enough for the load."));
    }

    private static ConditionValue active(int desired, ScalingDecision decision, WebSocketRoute route) {
        String reason = decision.state().name();
        if (BROKEN.contains(decision.state())) {
            return ConditionValue.no(ConditionType.ScalingActive, reason, decision.sentence());
        }
        return ConditionValue.yes(
                ConditionType.ScalingActive,
                reason,
                madeBefore(desired, reason, route).orElse(decision.sentence()));
    }

    /**
     * The sentence of the current status, if it is about the same decision: its numbers are those of the moment of the decision,
     * so that the status is not written with each report.
     */
    private static Optional<String> madeBefore(int desired, String reason, WebSocketRoute route) {
        WebSocketRouteStatus before = route.getStatus();
        return before == null || before.proxies() == null || before.proxies().desired() != desired
                ? Optional.empty()
                : Conditions.find(StatusFactory.before(route), ConditionType.ScalingActive)
                        .filter(condition -> condition.getReason().equals(reason))
                        .filter(condition -> Objects.equals(
                                condition.getObservedGeneration(),
                                route.getMetadata().getGeneration()))
                        .map(Condition::getMessage);
    }
}
