// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wsroute.config.Range;
import dev.wsroute.config.Rule;
import dev.wsroute.config.Span;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.proxy.autoscaling} with its defaults.
 *
 * @param minReplicas the fewest proxies
 * @param maxReplicas the most proxies
 * @param connectionsPerProxy how many WebSockets a proxy should have
 * @param cpuUtilization how much CPU a proxy should use, in percent of its request; null: does not matter
 * @param scaleDown how the number goes down
 */
public record ScalingRules(
        @Range(min = 1, max = 1000) Integer minReplicas,

        @Range(min = 1, max = 1000) @JsonProperty(required = true)
        Integer maxReplicas,

        @Range(min = 1, max = 10_000_000) @JsonProperty(required = true)
        Integer connectionsPerProxy,

        @Range(min = 1, max = 10_000) @Nullable Integer cpuUtilization,

        ScaleDown scaleDown) {

    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(10);
    private static final Duration INTERVAL_PER_PROXY = Duration.ofMillis(100);

    public ScalingRules {
        minReplicas = Objects.requireNonNullElse(minReplicas, 2);
        scaleDown = Objects.requireNonNullElseGet(scaleDown, () -> new ScaleDown(Duration.ofMinutes(5), 1));
    }

    @Rule(
            cel = "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
            message = "must not have minReplicas greater than maxReplicas")
    public boolean isARange() {
        return minReplicas <= maxReplicas;
    }

    /**
     * @param after for how long fewer proxies must have been enough
     * @param maxPerStep the most proxies that end in one step
     */
    public record ScaleDown(
            @Span(min = "1s", max = "24h") Duration after,
            @Range(min = 1, max = 1000) Integer maxPerStep) {

        public ScaleDown {
            after = Objects.requireNonNullElse(after, Duration.ofMinutes(5));
            maxPerStep = Objects.requireNonNullElse(maxPerStep, 1);
        }
    }

    /** How often a proxy reports: every 10 s, or so that all proxies together report ten times a second. */
    public Duration reportsEvery() {
        return reportsEvery(maxReplicas);
    }

    /** The same for {@code proxies} proxies. */
    public static Duration reportsEvery(int proxies) {
        Duration shared = INTERVAL_PER_PROXY.multipliedBy(proxies);
        return shared.compareTo(SHORTEST_INTERVAL) > 0 ? shared : SHORTEST_INTERVAL;
    }

    /** A proxy that has been silent for this long may be stuck or cut off: three reports are missing. */
    public Duration staleAfter() {
        return reportsEvery().multipliedBy(3);
    }
}
