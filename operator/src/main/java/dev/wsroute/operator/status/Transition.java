// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of a condition that is worth an Event. Transient states, such as proxies that have not loaded a new configuration
 * yet, are not.
 *
 * @param type of the condition
 * @param warning whether the Event is a warning
 * @param reason in CamelCase
 * @param sentence the message
 */
public record Transition(ConditionType type, boolean warning, String reason, String sentence) {

    private static final Set<String> TRANSIENT_REASONS =
            Set.of("Pending", "NoReadyProxy", "RollingOut", "NotAccepted", "ScaledToZero", "KeySetPending");

    /** The transitions from {@code before}, null if there was no status, to {@code after}. */
    public static List<Transition> between(@Nullable WebSocketRouteStatus before, WebSocketRouteStatus after) {
        List<Condition> old = before == null ? List.of() : list(before);
        return list(after).stream()
                .flatMap(condition -> of(condition, old, list(after)).stream())
                .toList();
    }

    private static List<Condition> list(WebSocketRouteStatus status) {
        return Objects.requireNonNullElse(status.conditions(), List.of());
    }

    private static Optional<Transition> of(Condition condition, List<Condition> old, List<Condition> now) {
        ConditionType type = ConditionType.of(condition.getType());
        boolean holds = "True".equals(condition.getStatus());
        Optional<Condition> previous = Conditions.find(old, type);
        boolean same = previous.filter(p -> p.getStatus().equals(condition.getStatus())
                        && p.getReason().equals(condition.getReason()))
                .isPresent();
        boolean warning = holds == (type == ConditionType.ScalingLimited);
        return same || !isWorthAnEvent(type, holds, condition.getReason(), previous, now)
                ? Optional.empty()
                : Optional.of(new Transition(type, warning, condition.getReason(), condition.getMessage()));
    }

    /** Stalled repeats another condition. So does Ready, except when the roll-out completes or is stuck. */
    private static boolean isWorthAnEvent(
            ConditionType type, boolean holds, String reason, Optional<Condition> previous, List<Condition> now) {
        if (TRANSIENT_REASONS.contains(reason)) {
            return false;
        }
        return switch (type) {
            case Accepted, ResolvedRefs, BackendsAvailable -> !holds || previous.isPresent();
            case Programmed -> true;
            case Ready ->
                holds
                        ? previous.filter(p -> p.getReason().equals("Pending")).isEmpty()
                        : !isReportedByAnother(reason, now);
            case Stalled -> false;
            case PolicyAffected -> true;
            case ScalingActive ->
                !holds || previous.filter(p -> p.getStatus().equals("False")).isPresent();
            case ScalingLimited ->
                holds || previous.filter(p -> p.getStatus().equals("True")).isPresent();
        };
    }

    private static boolean isReportedByAnother(String reason, List<Condition> now) {
        return now.stream()
                .filter(condition -> !ConditionType.Ready.name().equals(condition.getType()))
                .anyMatch(condition -> reason.equals(condition.getReason()));
    }
}
