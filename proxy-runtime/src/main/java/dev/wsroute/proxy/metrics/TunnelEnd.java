package dev.wsroute.proxy.metrics;

/** How a WebSocket ended. */
public enum TunnelEnd {
    /** The client sent Close first. */
    CLIENT_CLOSED,
    /** The backend sent Close first. */
    BACKEND_CLOSED,
    /** The client went away without Close. */
    CLIENT_GONE,
    /** The backend went away without Close. */
    BACKEND_VANISHED,
    /** The proxy sent Close, with the reason told to {@link TunnelMeter#closeSent}. */
    PROXY_CLOSED,
    /** Something was still open when the close timeout was over: reset. */
    RESET_AFTER_CLOSE_TIMEOUT,
    /** The backend vanished in the midst of a frame, so that no Close could be sent: reset. */
    RESET_MID_FRAME,
    /** A reader took nothing for the write stall timeout: reset. */
    RESET_AFTER_WRITE_STALL,
    /** The client was silent, and then did not answer the proxy's Ping either: reset. */
    RESET_CLIENT_SILENT,
    /** An error of the proxy's own, which concerns this connection alone: reset. */
    RESET_AFTER_ERROR,
    /** Others needed the memory of its record, or of the bytes that waited for one of its readers: reset. */
    RESET_FOR_MEMORY;

    /** Whether a side was reset, where no Close could be exchanged. */
    public boolean isReset() {
        return name().startsWith("RESET_");
    }

    /** Who ended it: {@code client}, {@code backend} or {@code proxy}. */
    public String initiator() {
        return switch (this) {
            case CLIENT_CLOSED, CLIENT_GONE -> "client";
            case BACKEND_CLOSED, BACKEND_VANISHED, RESET_MID_FRAME -> "backend";
            case PROXY_CLOSED,
                    RESET_AFTER_CLOSE_TIMEOUT,
                    RESET_AFTER_WRITE_STALL,
                    RESET_CLIENT_SILENT,
                    RESET_AFTER_ERROR,
                    RESET_FOR_MEMORY -> "proxy";
        };
    }
}
