// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.EndpointKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The state of every endpoint that is known or still has connections. Modified on the control thread. */
final class EndpointTable {

    private final Map<EndpointKey, EndpointState> states = new ConcurrentHashMap<>();

    EndpointState of(EndpointKey key) {
        return states.computeIfAbsent(key, unknown -> new EndpointState());
    }

    /** Null for an unknown endpoint. */
    @Nullable EndpointState find(EndpointKey key) {
        return states.get(key);
    }

    /** The endpoints that have a state, as a new set. */
    Set<EndpointKey> known() {
        return Set.copyOf(states.keySet());
    }

    /** Removes endpoints that are neither known nor in use, so that churn does not grow the table. */
    void prune(Set<EndpointKey> known) {
        states.entrySet()
                .removeIf(entry ->
                        !known.contains(entry.getKey()) && entry.getValue().live() == 0);
    }
}
