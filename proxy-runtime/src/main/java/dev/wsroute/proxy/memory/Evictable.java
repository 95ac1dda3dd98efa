package dev.wsroute.proxy.memory;

/** A connection that holds memory which others may need. */
@FunctionalInterface
public interface Evictable {

    /**
     * Resets the connection and releases all that it holds. Called on any thread; returns at once and resets soon
     * after.
     */
    void evict();
}
