package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.EndpointKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The load of every endpoint that is known or still holds connections. Written on the control thread. */
final class LoadTable {

    private final Map<EndpointKey, EndpointLoad> loads = new ConcurrentHashMap<>();

    EndpointLoad of(EndpointKey key) {
        return loads.computeIfAbsent(key, unknown -> new EndpointLoad());
    }

    /** Live connections of an endpoint, 0 for one that was never known. */
    int live(EndpointKey key) {
        EndpointLoad load = loads.get(key);
        return load == null ? 0 : load.live();
    }

    /** Whose load is kept, as a set of its own. */
    Set<EndpointKey> known() {
        return Set.copyOf(loads.keySet());
    }

    /** Forgets those that are neither known nor in use, so that churn does not grow the table. */
    void prune(Set<EndpointKey> known) {
        loads.entrySet()
                .removeIf(entry ->
                        !known.contains(entry.getKey()) && entry.getValue().live() == 0);
    }
}
