// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys of node labels by which pods are spread or placed together. The scheduler takes only nodes that have the label, or prefers
 * them, so such a key chooses nodes as a {@code nodeSelector} does.
 */
final class TopologyKeys {

    /** Every node has them, or every node of a cluster with zones. */
    private static final Set<String> ALWAYS =
            Set.of("kubernetes.io/hostname", "topology.kubernetes.io/region", "topology.kubernetes.io/zone");

    private TopologyKeys() {}

    static Stream<String> beyond(Patterns allowed, Stream<String> keys) {
        return keys.filter(Objects::nonNull).filter(key -> !ALWAYS.contains(key) && !allowed.allow(key));
    }
}
