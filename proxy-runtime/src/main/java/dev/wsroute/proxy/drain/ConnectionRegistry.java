package dev.wsroute.proxy.drain;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All open tunnels. Registering and leaving is called on every event loop. */
public final class ConnectionRegistry {

    private final Set<LiveConnection> live = ConcurrentHashMap.newKeySet();
    private final List<Consumer<LiveConnection>> listeners = new CopyOnWriteArrayList<>();

    /**
     * Adds one that hears of every connection from now on, once it is listed, on its event loop: what was decided while a
     * handshake was under way is to be asked for then.
     */
    public void addListener(Consumer<LiveConnection> opened) {
        listeners.add(opened);
    }

    /** Adds an open tunnel. */
    public void add(LiveConnection connection) {
        live.add(connection);
        listeners.forEach(listener -> listener.accept(connection));
    }

    /** Takes out one that closed. */
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

    /** As many of those that fit now as are asked for, whichever. */
    public List<LiveConnection> some(Predicate<LiveConnection> filter, int most) {
        return live.stream().filter(filter).limit(most).toList();
    }

    /** Those that fit now, as a list of its own. */
    public List<LiveConnection> matching(Predicate<LiveConnection> filter) {
        return live.stream().filter(filter).toList();
    }
}
