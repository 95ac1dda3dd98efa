package dev.wsroute.proxy.accesslog;

/**
 * Takes one entry a finished exchange, an opened and an ended WebSocket. Called on every event loop; never blocks, never
 * throws.
 */
@FunctionalInterface
public interface AccessLog {

    /** Notes what happened. */
    void log(AccessEntry entry);

    /** Keeps nothing. */
    AccessLog NONE = entry -> {};
}
