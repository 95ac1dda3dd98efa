// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decision depends on.
 *
 * @param rules of the route
 * @param cpuPerProxy how much CPU a proxy should use, in thousandths of a core; null: does not matter
 * @param reconnecting whether clients of a proxy that has ended connect to the others, so that their CPU is no steady load
 * @param current number of proxies that were decided on before, whether they run yet or not
 * @param proxies that exist, including those that are shutting down
 * @param busy what a roll-out or a drain waits for, in a sentence; null if there is none
 * @param low what was observed before; null if fewer proxies would not have been enough
 * @param now the operator's clock
 */
public record ScalingFacts(
        ScalingRules rules,
        @Nullable Long cpuPerProxy,
        boolean reconnecting,
        int current,
        List<ProxyLoad> proxies,
        @Nullable String busy,
        @Nullable LowLoad low,
        Instant now) {

    public ScalingFacts {
        proxies = List.copyOf(proxies);
    }
}
