// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Turns condition values into conditions. The transition time is kept while the status of a condition stays the same. */
final class Conditions {

    /** The API accepts 32768, but nobody reads such a list. */
    private static final int MAX_MESSAGE = 4096;

    private final Clock clock;

    Conditions(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param generation generation of the route that the values describe
     * @param before the current conditions of the route
     */
    List<Condition> of(List<ConditionValue> values, long generation, List<Condition> before) {
        return values.stream()
                .map(value -> condition(value, generation, before))
                .toList();
    }

    private Condition condition(ConditionValue value, long generation, List<Condition> before) {
        String since = find(before, value.type())
                .filter(old -> value.status().name().equals(old.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(value.type().label())
                .withStatus(value.status().name())
                .withReason(value.reason())
                .withMessage(atMost(value.sentence()))
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }

    private static String atMost(String sentence) {
        return sentence.length() <= MAX_MESSAGE ? sentence : sentence.substring(0, MAX_MESSAGE - 1) + "…";
    }

    static Optional<Condition> find(List<Condition> conditions, ConditionType type) {
        return conditions.stream().filter(c -> type.label().equals(c.getType())).findFirst();
    }
}
