// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import dev.wsroute.operator.admin.Health;
import io.javaoperatorsdk.operator.Operator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ready once all watches are synced; a standby that does not hold the lease is ready too.
 *
 * @param operator null while the operator waits for the API
 * @param starting the wait for the API
 */
record OperatorHealth(Supplier<@Nullable Operator> operator, ApiWait starting) implements Health {

    @Override
    public Optional<String> problem() {
        Operator started = operator.get();
        if (started == null) {
            return Optional.of("waiting: " + starting.problem());
        }
        var runtime = started.getRuntimeInfo();
        if (!runtime.isStarted()) {
            return Optional.of("the watches are not synced yet");
        }
        String broken = runtime.unhealthyEventSources().values().stream()
                .map(Map::keySet)
                .flatMap(Set::stream)
                .sorted()
                .collect(Collectors.joining(", "));
        return broken.isEmpty() ? Optional.empty() : Optional.of("these watches are broken: " + broken);
    }
}
