// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.LiveConnection;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Connections that were chosen to be closed, for whatever balance. Their clients are on their way: they count nowhere and are not
 * chosen again. Confined to the control thread.
 */
final class AskedConnections {

    private final ConnectionRegistry connections;
    private final Set<LiveConnection> asked = Collections.newSetFromMap(new IdentityHashMap<>());

    AskedConnections(ConnectionRegistry connections) {
        this.connections = connections;
    }

    /** The open connections that match and were not asked. */
    List<LiveConnection> others(Predicate<LiveConnection> which) {
        asked.removeIf(connection -> !connections.contains(connection));
        return connections.matching(connection -> !asked.contains(connection) && which.test(connection));
    }

    void add(Collection<LiveConnection> chosen) {
        asked.addAll(chosen);
    }
}
