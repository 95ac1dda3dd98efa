package dev.wsroute.proxy.metrics;

import dev.wsroute.proxy.drain.CloseReason;

/** Hears about one open WebSocket, always on its event loop. */
public interface TunnelMeter {

    /**
     * Called once a read burst.
     *
     * @param messages data messages that began, control frames not counted
     * @param bytes of frames, headers included
     */
    void relayed(Direction direction, long messages, long bytes);

    /** Reading pauses, for as much waits for the other side as may. */
    void readingPaused(Direction direction);

    /** Reading goes on after a pause, or the connection has ended. Once for each pause. */
    void readingResumed(Direction direction, long nanos);

    /** The proxy itself starts to close. At most once. */
    void closeSent(CloseReason reason);

    /** Both connections are closed. Exactly once, the last call. */
    void ended(TunnelEnd end);

    /** Hears nothing. */
    TunnelMeter NONE = new TunnelMeter() {
        @Override
        public void relayed(Direction direction, long messages, long bytes) {}

        @Override
        public void readingPaused(Direction direction) {}

        @Override
        public void readingResumed(Direction direction, long nanos) {}

        @Override
        public void closeSent(CloseReason reason) {}

        @Override
        public void ended(TunnelEnd end) {}
    };
}
