// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import java.util.Map;

/** What a proxy knows of the connections of all proxies. */
sealed interface Picture {

    /**
     * All is known, and nothing changes.
     *
     * @param connections by the names of the proxies that take clients, this one included; at least two
     */
    record Clear(Map<String, Integer> connections) implements Picture {

        public Clear {
            connections = Map.copyOf(connections);
        }

        /** The connections that each of them should have. */
        double share() {
            return connections.values().stream()
                            .mapToDouble(Integer::doubleValue)
                            .sum()
                    / connections.size();
        }
    }

    /** @param why a clause for the log */
    record Unclear(String why) implements Picture {}
}
