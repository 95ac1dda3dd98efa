// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How this proxy compares, in one figure.
 *
 * @param toRelay ours divided by the bare relay's; empty without one of them
 * @param toBestPeer ours divided by that of the best of the other proxies
 */
record Ratios(OptionalDouble toRelay, OptionalDouble toBestPeer) {

    private static final Set<String> NO_PEERS =
            Set.of(Contender.OURS, Contender.BEFORE, Contender.RELAY, Contender.DIRECT);

    /** Compares values by proxy. */
    static Ratios of(Map<String, Double> values, boolean moreIsBetter) {
        OptionalDouble peers = values.entrySet().stream()
                .filter(entry -> !NO_PEERS.contains(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .reduce(moreIsBetter ? Math::max : Math::min);
        return new Ratios(
                ratio(values.get(Contender.OURS), values.get(Contender.RELAY)),
                ratio(values.get(Contender.OURS), peers.isPresent() ? peers.getAsDouble() : null));
    }

    private static OptionalDouble ratio(@Nullable Double ours, @Nullable Double other) {
        return ours == null || other == null || other == 0 ? OptionalDouble.empty() : OptionalDouble.of(ours / other);
    }
}
