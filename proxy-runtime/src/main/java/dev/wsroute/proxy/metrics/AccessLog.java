package dev.wsroute.proxy.metrics;

/** Takes one entry a finished exchange or WebSocket. Called on every event loop; never blocks, never throws. */
@FunctionalInterface
public interface AccessLog {

    /** Notes a finished exchange. */
    void log(AccessEntry entry);

    /** Keeps nothing. */
    AccessLog NONE = entry -> {};
}
