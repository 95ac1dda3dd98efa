// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

/** How a WebSocket ended. */
public enum TunnelOutcome {
    /** The client sent Close first. */
    CLIENT_CLOSED,
    /** The backend sent Close first. */
    BACKEND_CLOSED,
    /** The client disconnected without Close. */
    CLIENT_GONE,
    /** The backend disconnected without Close. */
    BACKEND_VANISHED,
    /** The proxy sent Close, with the reason passed to {@link TunnelMeter#closeSent}. */
    PROXY_CLOSED,
    /** A side was still open after the close timeout: reset. */
    RESET_AFTER_CLOSE_TIMEOUT,
    /** The backend disconnected within a frame, so that no Close could be sent: reset. */
    RESET_MID_FRAME,
    /** A side read nothing for the write stall timeout: reset. */
    RESET_AFTER_WRITE_STALL,
    /** The client was silent and did not answer the proxy's Ping: reset. */
    RESET_CLIENT_SILENT,
    /** An internal error, which affects only this connection: reset. */
    RESET_AFTER_ERROR,
    /** Evicted to free the memory of its record or of bytes queued for a slow reader: reset. */
    RESET_FOR_MEMORY;

    /** Whether a side was reset because no Close could be exchanged. */
    public boolean isReset() {
        return name().startsWith("RESET_");
    }

    /** The initiator: {@code client}, {@code backend} or {@code proxy}. */
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
