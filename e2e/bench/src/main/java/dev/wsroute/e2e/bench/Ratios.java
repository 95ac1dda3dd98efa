// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How this proxy compares, in one figure.
 *
 * @param toFloor ours divided by the floor: the bare relay or, over TLS, our proxy without TLS; empty if the floor was not
 *     measured
 * @param toBestPeer ours divided by the value of the best other proxy
 */
record Ratios(OptionalDouble toFloor, OptionalDouble toBestPeer) {

    private static final Set<String> NO_PEERS =
            Set.of(Contender.OURS, Contender.BEFORE, Contender.PLAIN, Contender.RELAY, Contender.DIRECT);

    /** Compares the values of proxies. */
    static Ratios of(Map<String, Double> values, boolean moreIsBetter) {
        OptionalDouble peers = values.entrySet().stream()
                .filter(entry -> !NO_PEERS.contains(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .reduce(moreIsBetter ? Math::max : Math::min);
        return new Ratios(
                ratio(values.get(Contender.OURS), values.get(floor(values.keySet()))),
                ratio(values.get(Contender.OURS), peers.isPresent() ? peers.getAsDouble() : null));
    }

    /** Which of these proxies is the floor. */
    static String floor(Collection<String> proxies) {
        return proxies.contains(Contender.PLAIN) ? Contender.PLAIN : Contender.RELAY;
    }

    private static OptionalDouble ratio(@Nullable Double ours, @Nullable Double other) {
        return ours == null || other == null || other == 0 ? OptionalDouble.empty() : OptionalDouble.of(ours / other);
    }
}
