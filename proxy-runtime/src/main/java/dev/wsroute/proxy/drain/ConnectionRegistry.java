// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All open tunnels. Thread-safe. */
public final class ConnectionRegistry {

    private final Set<LiveConnection> live = ConcurrentHashMap.newKeySet();
    private final List<Consumer<LiveConnection>> listeners = new CopyOnWriteArrayList<>();

    /**
     * Adds a listener for new connections. It is called on the connection's event loop after the connection is
     * registered, so it sees decisions that were made during the handshake.
     */
    public void addListener(Consumer<LiveConnection> opened) {
        listeners.add(opened);
    }

    /** Adds an open tunnel. */
    public void add(LiveConnection connection) {
        live.add(connection);
        listeners.forEach(listener -> listener.accept(connection));
    }

    /** Removes a closed tunnel. */
    public void remove(LiveConnection connection) {
        live.remove(connection);
    }

    /** Whether it is open. */
    public boolean contains(LiveConnection connection) {
        return live.contains(connection);
    }

    /** How many are open. */
    public int size() {
        return live.size();
    }

    /** Up to {@code most} connections that match, in no particular order. */
    public List<LiveConnection> some(Predicate<LiveConnection> filter, int most) {
        return live.stream().filter(filter).limit(most).toList();
    }

    /** All connections that match, as a new list. */
    public List<LiveConnection> matching(Predicate<LiveConnection> filter) {
        return live.stream().filter(filter).toList();
    }
}
