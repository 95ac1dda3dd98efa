package dev.wsroute.proxy.memory;

/** Who holds buffers for a reader that may be slow. */
@FunctionalInterface
public interface Evictable {

    /** Gives up the connection, and with it all that it holds. Called on any thread; to be done soon, on its own. */
    void evict();
}
