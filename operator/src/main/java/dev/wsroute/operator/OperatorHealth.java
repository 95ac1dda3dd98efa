package dev.wsroute.operator;

import dev.wsroute.operator.admin.Health;
import io.javaoperatorsdk.operator.Operator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Ready once all watches are synced; a standby that does not hold the lease is ready too. */
record OperatorHealth(Operator operator) implements Health {

    @Override
    public Optional<String> obstacle() {
        var runtime = operator.getRuntimeInfo();
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
