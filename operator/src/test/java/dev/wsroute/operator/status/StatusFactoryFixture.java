// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.compile.Compilation;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;

/** A status factory with a fixed clock, and assertions on its statuses. */
abstract class StatusFactoryFixture {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    static final ApplyOutcome APPLIED = new ApplyOutcome.Applied();

    final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    final StatusFactory factory = new StatusFactory(clock, false);

    WebSocketRouteStatus status(Compilation compilation, ApplyOutcome outcome, Fixtures around) {
        return factory.of(Fixtures.route(), compilation, outcome, around.observed());
    }

    static Condition condition(WebSocketRouteStatus status, ConditionType type) {
        return Conditions.find(Objects.requireNonNull(status.conditions()), type)
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    static void assertCondition(
            WebSocketRouteStatus status, ConditionType type, String expected, String reason, String sentence) {
        Condition condition = condition(status, type);
        assertThat(condition.getStatus())
                .as(type + ": " + condition.getMessage())
                .isEqualTo(expected);
        assertThat(condition.getReason()).isEqualTo(reason);
        assertThat(condition.getMessage()).isEqualTo(sentence);
    }
}
