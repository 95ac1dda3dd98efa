package dev.wsroute.operator.status;

import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of a condition that is worth an Event. Way stations, such as proxies that are about to take a new
 * configuration, are not.
 *
 * @param type the condition
 * @param warning whether something is wrong
 * @param reason a word in CamelCase
 * @param sentence for people
 */
public record Transition(ConditionType type, boolean warning, String reason, String sentence) {

    private static final Set<String> WAY_STATIONS =
            Set.of("Pending", "NoReadyProxy", "RollingOut", "NotAccepted", "ScaledToZero");

    /** Those from {@code before}, null for none yet, to {@code after}. */
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
        ConditionType type = ConditionType.valueOf(condition.getType());
        boolean holds = "True".equals(condition.getStatus());
        Optional<Condition> previous = Conditions.find(old, type);
        boolean same = previous.filter(p -> p.getStatus().equals(condition.getStatus())
                        && p.getReason().equals(condition.getReason()))
                .isPresent();
        return same || !isWorthTelling(type, holds, condition.getReason(), previous, now)
                ? Optional.empty()
                : Optional.of(new Transition(type, !holds, condition.getReason(), condition.getMessage()));
    }

    /** Stalled repeats what another condition says. So does Ready, but of the roll-out, where it ends and where it is stuck. */
    private static boolean isWorthTelling(
            ConditionType type, boolean holds, String reason, Optional<Condition> previous, List<Condition> now) {
        if (WAY_STATIONS.contains(reason)) {
            return false;
        }
        return switch (type) {
            case Accepted, ResolvedRefs, BackendsAvailable -> !holds || previous.isPresent();
            case Programmed -> true;
            case Ready ->
                holds ? previous.filter(p -> p.getReason().equals("Pending")).isEmpty() : !isToldByAnother(reason, now);
            case Stalled -> false;
        };
    }

    private static boolean isToldByAnother(String reason, List<Condition> now) {
        return now.stream()
                .filter(condition -> !ConditionType.Ready.name().equals(condition.getType()))
                .anyMatch(condition -> reason.equals(condition.getReason()));
    }
}
