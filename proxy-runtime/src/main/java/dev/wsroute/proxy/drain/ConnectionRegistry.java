package dev.wsroute.proxy.drain;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** All open tunnels. Registering and leaving is called on every event loop. */
public final class ConnectionRegistry {

    private final Set<LiveConnection> live = ConcurrentHashMap.newKeySet();

    /** Adds an open tunnel. */
    public void add(LiveConnection connection) {
        live.add(connection);
    }

    /** Takes out one that closed. */
    public void remove(LiveConnection connection) {
        live.remove(connection);
    }

    /** How many are open. */
    public int size() {
        return live.size();
    }

    /** Those that fit now, as a list of its own. */
    public List<LiveConnection> matching(Predicate<LiveConnection> filter) {
        return live.stream().filter(filter).toList();
    }
}
